"""Small copies of pictures, made when they are first looked at and kept within a fixed room."""

import threading
from collections import OrderedDict
from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from cnngui.gui import work
from cnngui.gui.job import Job
from cnngui.gui.work import Thumbnail


class Thumbnails(QObject):
    """`get` answers at once with what is there and asks for the rest; `arrived(path)` says when to ask again.

    The newest request is served first, and only the newest are kept: while a person scrolls through
    100,000 pictures, those that went by unseen are not made at all.
    """

    arrived = Signal(str)

    def __init__(self, side: int = 256, room: int = 96 * 2**20, waiting: int = 256, jobs: int = 2) -> None:
        super().__init__()
        self._side = side
        self._room = room
        self._limit = waiting
        self._jobs_allowed = jobs
        self._pixmaps: OrderedDict[str, QPixmap] = OrderedDict()
        self._bytes = 0
        self._reasons: dict[str, str] = {}
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, None] = OrderedDict()
        self._jobs: set[Job] = set()

    def get(self, path: str) -> QPixmap | None:
        """The small copy of `path`; None while it is being made, and for good if it cannot be read."""
        pixmap = self._pixmaps.get(path)
        if pixmap is not None:
            self._pixmaps.move_to_end(path)
        elif path not in self._reasons:
            self._ask(path)
        return pixmap

    def problem(self, path: str) -> str:
        """Why there will be no picture of `path`; empty if there is or may be one."""
        return self._reasons.get(path, "")

    def kept(self) -> Iterable[str]:
        """The pictures at hand, the one looked at longest ago first."""
        return self._pixmaps.keys()

    def forget(self) -> None:
        """Drop everything, also what is being made."""
        with self._lock:
            self._waiting.clear()
        for job in self._jobs:
            job.detach()
        self._jobs.clear()
        self._pixmaps.clear()
        self._reasons.clear()
        self._bytes = 0

    def _ask(self, path: str) -> None:
        with self._lock:
            self._waiting[path] = None
            self._waiting.move_to_end(path)
            while len(self._waiting) > self._limit:
                self._waiting.popitem(last=False)
        self._work()

    def _work(self) -> None:
        if self._waiting and len(self._jobs) < self._jobs_allowed:
            job = Job(work.thumbnails(self._take, self._side))
            self._jobs.add(job)
            job.reported.connect(self._keep)
            job.ended.connect(self._end)
            job.begin()

    def _take(self) -> str | None:
        """On a worker's thread: the next picture to make."""
        with self._lock:
            return self._waiting.popitem()[0] if self._waiting else None

    def _end(self, _problem: object) -> None:
        self._jobs = {job for job in self._jobs if not job.isFinished()}
        self._work()

    def _keep(self, item: object) -> None:
        assert isinstance(item, Thumbnail)
        if item.pixels is None:
            self._reasons[item.path] = item.reason
        else:
            self._store(item.path, pixmap_of(item))
        self.arrived.emit(item.path)

    def _store(self, path: str, pixmap: QPixmap) -> None:
        old = self._pixmaps.pop(path, None)
        self._bytes += _size(pixmap) - (_size(old) if old is not None else 0)
        self._pixmaps[path] = pixmap
        while self._bytes > self._room and len(self._pixmaps) > 1:
            _, gone = self._pixmaps.popitem(last=False)
            self._bytes -= _size(gone)


def pixmap_of(item: Thumbnail) -> QPixmap:
    """The pixels of a thumbnail as Qt draws them."""
    assert item.pixels is not None
    high, wide, _ = item.pixels.shape
    image = QImage(item.pixels.tobytes(), wide, high, 3 * wide, QImage.Format.Format_RGB888)
    return QPixmap.fromImage(image)  # copies: the bytes may go


def _size(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
