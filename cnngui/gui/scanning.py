"""Looking through a folder, or drawing the built-in sample and then looking through that."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cnngui.data.index import DatasetIndex, ScanProgress
from cnngui.gui import work
from cnngui.gui.job import Job, Work, sentence
from cnngui.gui.work import SampleReady


class Scanning(QObject):
    """`changed` whenever there is something new to show; `found(index)` or `failed(sentence)` at the end."""

    changed = Signal()
    found = Signal(object)
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._job: Job | None = None
        self.name = ""  # of the folder that is looked through
        self.folder = ""  # where the scan is, relative to it
        self.files = 0  # seen so far
        self.drawn: tuple[int, int] | None = None  # (done, total) while the sample is drawn

    @property
    def busy(self) -> bool:
        return self._job is not None

    def start(self, root: Path) -> None:
        """Look through `root`; a scan under way is dropped."""
        self.name = root.name or str(root)
        self._begin(work.scan(root))

    def start_sample(self) -> None:
        """Draw the built-in sample if that was not done before, then look through it."""
        self.name = work.SAMPLE
        self._begin(work.draw_sample())
        self.drawn = (0, 0)
        self.changed.emit()

    def stop(self) -> None:
        """Give up: nothing is found and nothing failed."""
        if self._job:
            self._job.detach()
            self._job = None
            self.changed.emit()

    def _begin(self, task: Work) -> None:
        if self._job:
            self._job.detach()
        self.folder, self.files, self.drawn = "", 0, None
        self._job = Job(task)
        self._job.reported.connect(self._take)
        self._job.ended.connect(self._end)
        self._job.begin()
        self.changed.emit()

    def _take(self, item: object) -> None:
        if isinstance(item, ScanProgress):
            self.folder, self.files = item.folder, item.files
            self.changed.emit()
        elif isinstance(item, DatasetIndex):
            self._done()
            self.found.emit(item)
        elif isinstance(item, SampleReady):
            self.start(item.folder)
        else:  # SampleProgress: done of total
            self.drawn = (int(getattr(item, "done", 0)), int(getattr(item, "total", 0)))
            self.changed.emit()

    def _end(self, problem: Exception | None) -> None:
        self._done()
        if problem:
            self.failed.emit(sentence(problem))

    def _done(self) -> None:
        if self._job:
            self._job.detach()
            self._job = None
            self.changed.emit()
