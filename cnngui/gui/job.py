"""Work in a thread of its own: the only thread class of the window.

A `Work` is a function that takes a :class:`Cancel` and returns an iterator of frozen, plain values. The
job runs it and reports each value on the thread that made the job, which is the window's. What has been
detached never reports again, not even what was already waiting in the event queue.
"""

import errno
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator

from PySide6.QtCore import QCoreApplication, QObject, QThread, Signal, Slot

from cnngui.bootstrap import report_fault
from cnngui.cancel import Cancel
from cnngui.errors import RequestError

Work = Callable[[Cancel], Iterator[object]]

_log = logging.getLogger(__name__)
_alive: set["Job"] = set()  # a QThread must not be destroyed while it runs, whoever lets go of it


class Job(QThread):
    """One piece of work. Make it, connect its signals, `start()` it; each job runs once.

    `reported(item)` for every item of the work, then `ended(problem)` exactly once, when the thread is
    over: None, or the exception the work died of. Both arrive on the thread that made the job.
    """

    reported = Signal(object)
    ended = Signal(object)
    _item = Signal(object)  # emitted by the worker, received by the slot below on the window's thread

    def __init__(self, work: Work, patient: bool = False) -> None:
        """`patient`: the work takes minutes and gives way to everything else the computer does."""
        super().__init__()  # no parent: Qt would destroy the thread together with it
        self._work = work
        self._patient = patient
        self._cancel = Cancel()
        self._detached = False
        self._problem: Exception | None = None
        self._item.connect(self._deliver)
        self.finished.connect(self._finish)

    def begin(self) -> "Job":
        """Start the work, below the window's own priority, and return the job."""
        _alive.add(self)
        if sys.platform == "linux":
            self.start()  # `run` lowers itself: Qt's priorities do nothing for Linux's ordinary threads
        else:
            self.start(QThread.Priority.LowestPriority if self._patient else QThread.Priority.LowPriority)
        return self

    def stop(self) -> None:
        """Ask the work to end after its present step; it may still report, and `ended` comes as always."""
        self._cancel.stop()

    def pause(self) -> None:
        self._cancel.pause()

    def resume(self) -> None:
        self._cancel.resume()

    @property
    def paused(self) -> bool:
        return self._cancel.paused

    @property
    def stopped(self) -> bool:
        """Whether a stop was asked for."""
        return self._cancel.stopped

    def detach(self) -> None:
        """Stop, and report nothing more: not what is still queued, and no `ended`."""
        self._detached = True
        self._cancel.stop()

    def run(self) -> None:
        """On the worker thread: Qt calls this."""
        _be_gentle(19 if self._patient else 5)
        try:
            for item in self._work(self._cancel):
                self._item.emit(item)
        except RequestError as problem:
            self._problem = problem
        except Exception as problem:  # noqa: BLE001 -- logged here, shown by whoever hears `ended`
            _log.exception("A job of the window failed")
            if not _known(problem):
                problem.add_note(report_fault(problem))  # the sentence, written on this thread
            self._problem = problem

    @Slot(object)
    def _deliver(self, item: object) -> None:
        if not self._detached:
            self.reported.emit(item)

    @Slot()
    def _finish(self) -> None:
        self.wait()  # `finished` is emitted a moment before the thread is gone
        _alive.discard(self)
        if not self._detached:
            self.ended.emit(self._problem)
        watch.changed.emit()


class _Watch(QObject):
    """Says when a job has ended, so that a closing window can wait for the last one."""

    changed = Signal()


watch = _Watch()


def alive() -> frozenset[Job]:
    """The jobs that have begun and whose thread is not over."""
    return frozenset(_alive)


def stop_all() -> None:
    """Ask every job to end."""
    for job in alive():
        job.stop()


def wait_for_all() -> None:
    """Stop every job and block until their threads are over: the last thing before the program ends."""
    stop_all()
    for job in alive():
        job.wait()
        _alive.discard(job)


def sentence(problem: Exception) -> str:
    """What a person reads about the exception a job died of."""
    if known := _known(problem):
        return known
    notes = getattr(problem, "__notes__", None)
    return str(notes[-1]) if notes else report_fault(problem)


def _known(problem: Exception) -> str:
    """The sentence of what can happen to anyone; empty for a fault of our own."""
    if isinstance(problem, RequestError):
        return str(problem)
    if isinstance(problem, OSError) and problem.errno == errno.ENOSPC:
        return QCoreApplication.translate("Job", "The disk is full. Free some space and try again.")
    if isinstance(problem, MemoryError):
        return QCoreApplication.translate(
            "Job", "The computer ran out of memory. Close other programs or choose a smaller batch size."
        )
    return ""


def _be_gentle(niceness: int) -> None:
    """Let the window go first. Threads started by this one inherit it: PyTorch's own are gentle as well."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        try:
            if os.getpriority(os.PRIO_PROCESS, thread) < niceness:
                os.setpriority(os.PRIO_PROCESS, thread, niceness)
        except OSError as problem:  # some sandboxes forbid it; the work is only less polite then
            _log.debug("The worker keeps its priority: %s", problem)
