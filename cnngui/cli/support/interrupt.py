"""Ctrl+C and SIGTERM: asked once, the work ends well; asked twice, the process ends now."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType

from cnngui.cancel import Cancel

_STOPPING = b"Stopping after this step; what is done is kept. Ctrl+C again leaves at once.\n"
_CLEAR_LINE = b"\r\x1b[K"
_SHOW_CURSOR = b"\x1b[?25h\n"


class Interrupt:
    """Which signal asked the work to stop, if any."""

    def __init__(self) -> None:
        self.signal: int | None = None

    @property
    def status(self) -> int:
        """The exit status a shell expects of a process that this signal ended; 0 if there was none."""
        return 0 if self.signal is None else 128 + self.signal


@contextlib.contextmanager
def interruptible(cancel: Cancel, *, heard: bool = True) -> Iterator[Interrupt]:
    """Inside the block, Ctrl+C or SIGTERM stops `cancel`, which is said if this process is `heard`; a second
    one leaves at once.

    Must be entered in the main thread: only there Python lets signals be handled.
    """
    interrupt = Interrupt()

    def handle(number: int, frame: FrameType | None) -> None:
        del frame
        if interrupt.signal is not None:
            _write(_SHOW_CURSOR)  # a bar hides it
            os._exit(128 + number)
        interrupt.signal = number
        cancel.stop()
        if heard:
            _write(_CLEAR_LINE, _STOPPING)

    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("signals can be handled in the main thread only")
    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupt
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _write(for_terminal: bytes, for_all: bytes = b"") -> None:
    """Write to the descriptor of standard error: the stream itself may be in the middle of a line."""
    with contextlib.suppress(OSError):  # it may be closed, which is no reason not to stop
        os.write(2, (for_terminal if os.isatty(2) else b"") + for_all)
