"""Stop and pause: asked for by whoever started the work, seen by the work."""

import threading


class Cancel:
    """A stop that lasts and a pause that can be taken back. Safe to call from any thread.

    Long work calls :meth:`check` between two of its steps, so that both act within one step.
    """

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._running = threading.Event()
        self._running.set()

    def stop(self) -> None:
        """Ask the work to end after its present step. Ends a pause as well."""
        self._stopped.set()
        self._running.set()

    def pause(self) -> None:
        """Ask the work to wait after its present step. Does nothing once stopped."""
        if not self._stopped.is_set():
            self._running.clear()

    def resume(self) -> None:
        """Let paused work go on."""
        self._running.set()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    @property
    def paused(self) -> bool:
        return not self._running.is_set()

    def check(self) -> bool:
        """Wait while paused; then say whether the work must end (True) or may go on (False)."""
        self._running.wait()
        return self._stopped.is_set()
