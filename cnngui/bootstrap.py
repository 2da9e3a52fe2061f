"""What must happen before Qt or torch is imported, and what is done about a fault of our own."""

import contextlib
import faulthandler
import io
import multiprocessing
import os
import sys
import threading
import traceback
from types import TracebackType

# Apart from 0, 1 and 2, which say how a request went (sysexits.h calls it EX_SOFTWARE).
EXIT_FAULT = 70


def prepare() -> None:
    """Make the process ready. Called once, first of all; imports neither Qt nor torch."""
    multiprocessing.freeze_support()  # in a frozen program a worker process starts here and ends here
    # pyqtgraph takes the first Qt binding it finds; another one beside ours would be mixed in.
    os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"
    if "OMP_WAIT_POLICY" not in os.environ:
        # How often PyTorch's threads on Linux look for more work before they sleep. The usual 300,000 make
        # them fight over a core that another program needs as well: with two busy programs on two cores a
        # training of small pictures ran 4 to 10 times faster with this, and as fast as ever alone.
        os.environ.setdefault("GOMP_SPINCOUNT", "5000")
    # NumPy's threads spin as well, from the moment they are there: a tenth of a second of every start.
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")  # as a power of two, in clock cycles; the least
    _streams()
    with contextlib.suppress(io.UnsupportedOperation):  # a captured stream has no file number
        faulthandler.enable()
    sys.excepthook = _on_fault
    threading.excepthook = _on_thread_fault


def before_qt() -> None:
    """To be called before the first import of Qt."""
    if sys.platform == "win32":
        # Qt loads a C++ runtime of its own, after which torch >= 2.9 cannot load its libraries
        # (pytorch#166628). The other way round both work.
        import torch  # noqa: F401
    # The window trains in a thread, and Qt begins with threads of its own.
    from cnngui.engine.memory import keep_large_blocks

    keep_large_blocks()


def report_fault(error: BaseException) -> str:
    """Write a crash report and return the one sentence that says what happened and where the report is."""
    from cnngui import crashes

    what = f"{type(error).__name__}: {error}".splitlines()[0].rstrip(".")
    try:
        place = f"The report is in {crashes.write(error)}"
    except OSError as problem:
        place = f"No report could be written ({problem.strerror})"
        traceback.print_exception(error)
    return f"cnngui failed by a fault of its own ({what}). {place}; please send it to the makers."


def _on_fault(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, where)
        return
    _tell(report_fault(error))


def _on_thread_fault(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _tell(report_fault(args.exc_value))


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - the last resort


def _streams() -> None:
    """No name of a file or class may stop the program, whatever the terminal can show, nor may it have none.

    A program without a console has no streams on Windows: libraries that write to them would fail.
    On UTF-8 a file name that is not valid goes out as the bytes it came in with; elsewhere what cannot
    be shown is written as an escape.
    """
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - to the end
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            utf8 = stream.encoding.lower().replace("-", "") == "utf8"
            stream.reconfigure(errors="surrogateescape" if utf8 else "backslashreplace")
