"""Looking for pitfalls: in the code of the box, in the open data set, in a network, in a file."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from cnngui.checker.finding import Finding, Severity
from cnngui.checker.rule import Kind
from cnngui.checker.targets import SOURCE_SUFFIXES, Target
from cnngui.data.index import DatasetIndex
from cnngui.engine.spec import TrainConfig
from cnngui.gui import text, work
from cnngui.gui.job import Job, Work, sentence
from cnngui.gui.work import Judged, Script, Suspects

if TYPE_CHECKING:
    from cnngui.checker.runner import Note

NOTEBOOK = ".ipynb"

_BEAT = 150  # milliseconds between two looks at how far a long check is


@dataclass(slots=True)
class _Watch:
    """What one check says of itself. Its worker writes `at`, a value that is replaced and never changed."""

    at: tuple[int, int | None, str] | None = None

    def tell(self, done: int, total: int | None, what: str) -> None:
        self.at = (done, total, what)


class Checking(QObject):
    """`changed` whenever there is something new to show; `failed(sentence)` if a check cannot be made;
    `opened(text)` when a script was read, for the box."""

    changed = Signal()
    failed = Signal(str)
    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.name = ""  # of what is or was checked; "" is the code in the box
        self.in_code = True  # whether lines of the findings are lines of the box
        self.result: Judged | None = None
        self.suspects: tuple[int, ...] = ()  # pictures that are probably in the wrong class
        self._script = ""  # the name of the file that the code came from
        self._job: Job | None = None
        self._watch = _Watch()
        self._beat = QTimer(self)
        self._beat.setInterval(_BEAT)
        self._beat.timeout.connect(self.changed)

    @property
    def busy(self) -> bool:
        return self._job is not None

    @property
    def at(self) -> tuple[int, int | None, str] | None:
        """(done, total or None, at what) of a long check, once it said so."""
        return self._watch.at

    def findings(self, explanations: bool) -> tuple[Finding, ...]:
        """What was found, with or without what only explains."""
        found = self.result.checked.findings if self.result else ()
        return tuple(one for one in found if explanations or one.severity is not Severity.INFO)

    def notes(self) -> "tuple[Note, ...]":
        """What could not be followed."""
        return self.result.checked.notes if self.result else ()

    def count(self, severity: Severity) -> int:
        return sum(one.severity is severity for one in self.findings(explanations=True))

    def check_code(self, code: str) -> None:
        """Check what stands in the box; where nothing stands there, forget what was found."""
        if not code.strip():
            self._script = ""
            self.clear()
            return
        if not self.in_code:
            self.result = None
        self.name, self.in_code = self._script, True
        self._begin(work.check_text(code, self._script or text.tr("code")))

    def check_folder(self, root: Path, size: int | None = None) -> None:
        """Check the pictures below `root`, of which the network will see squares of `size` pixels."""
        self._check(Target(str(root), Kind.DATA), root.name or str(root), size)

    def open(self, path: Path) -> None:
        """Check a script, which comes into the box, a notebook or a model file."""
        suffix = path.suffix.lower()
        if suffix == NOTEBOOK:
            self._check(Target(str(path), Kind.SOURCE, notebook=True), path.name)
        elif suffix in SOURCE_SUFFIXES:
            self._begin(work.read_script(path))
        else:
            self._check(Target(str(path), Kind.MODEL), path.name)

    def stop(self) -> None:
        """Give up the check under way: nothing is found and nothing failed."""
        self._done()
        self.changed.emit()

    def clear(self) -> None:
        """Forget what was found."""
        self.result, self.suspects, self.name, self.in_code = None, (), "", True
        self.stop()

    def judge_labels(self, index: DatasetIndex, config: TrainConfig) -> None:
        """Look for wrong labels among the pictures of `index` with trainings like `config`."""
        self.result, self.name, self.in_code = None, text.shown(index.root.name or index.root), False
        self.suspects = ()
        watch = _Watch()
        self._begin(work.check_labels(index, config, watch.tell), watch)

    def _check(self, target: Target, name: str, size: int | None = None) -> None:
        self.result, self.name, self.in_code = None, text.shown(name), False
        watch = _Watch()
        self._begin(work.check(target, size, watch.tell), watch)

    def _begin(self, task: Work, watch: _Watch | None = None) -> None:
        self._done()
        self._watch = watch or _Watch()
        self._job = Job(task)
        self._job.reported.connect(self._take)
        self._job.ended.connect(self._end)
        self._job.begin()
        if watch:
            self._beat.start()
        self.changed.emit()

    def _take(self, item: object) -> None:
        if isinstance(item, Judged):
            self.result = item
        elif isinstance(item, Suspects):
            self.suspects = item.positions
        elif isinstance(item, Script):
            self._script = text.shown(item.path.name)
            self.opened.emit(item.text)
            self.check_code(item.text)

    def _end(self, problem: Exception | None) -> None:
        self._done()
        self.changed.emit()
        if problem:
            self.failed.emit(sentence(problem))

    def _done(self) -> None:
        self._beat.stop()
        if self._job:
            self._job.detach()
            self._job = None
