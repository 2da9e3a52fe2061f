"""What is open: the data set, the network, the training, the answers. Pages look here and listen."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cnngui.checker.finding import Severity
from cnngui.data.index import DatasetIndex
from cnngui.gui import text, work
from cnngui.gui.checking import Checking
from cnngui.gui.classifying import Classifying
from cnngui.gui.job import Job, Work, sentence
from cnngui.gui.planning import Ready
from cnngui.gui.scanning import Scanning
from cnngui.gui.training import Training
from cnngui.gui.widgets.message_bar import Kind
from cnngui.gui.work import Earlier, OpenedModel, Origin

if TYPE_CHECKING:
    from cnngui.engine.models.registry import ModelCard


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence for the person, and what can be done about it."""

    text: str
    kind: Kind = "info"
    action: str = ""
    act: Callable[[], None] | None = None
    passing: bool = False  # true only while the training runs


class Session(QObject):
    """The window's state. Everything that takes time runs in a Job and is told by a signal."""

    index_changed = Signal()
    model_changed = Signal()
    ready_changed = Signal()  # the engine is loaded, or failed to
    earlier_changed = Signal()
    said = Signal(object)  # Message
    wanted = Signal(str)  # the key of the page that should be shown

    def __init__(self) -> None:
        super().__init__()
        self.index: DatasetIndex | None = None
        self.model: OpenedModel | None = None
        self.ready: Ready | None = None
        self.problem = ""  # why the engine cannot be used
        self.earlier: Earlier | None = None  # what is kept of trainings of the open data set
        self.scanning = Scanning()
        self.training = Training()
        self.classifying = Classifying()
        self.checking = Checking()
        self.pictures = Checking()  # of the open data set, after each scan
        self.labels = Checking()  # of the open data set, when asked for after a training
        self._jobs: set[Job] = set()
        self._starting = False  # the starter model is being opened
        self._early: list[Path] = []  # pictures that came before it was open
        self.scanning.found.connect(self._found)
        self.scanning.failed.connect(self._bad)
        self.classifying.failed.connect(self._bad)
        self.checking.failed.connect(self._bad)
        self.pictures.failed.connect(self._bad)
        self.labels.failed.connect(self._bad)
        self.training.ended.connect(self._trained)
        self.training.changed.connect(self._make_way)
        self.labels.changed.connect(self._labels_judged)

    def say(
        self, text: str, kind: Kind = "info", action: str = "", act: Callable[[], None] | None = None
    ) -> None:
        self.said.emit(Message(text, kind, action, act))

    def card(self, name: str) -> "ModelCard | None":
        """The card of a model, once the engine is loaded."""
        return next((card for card in self.ready.cards if card.name == name), None) if self.ready else None

    def warm_up(self) -> None:
        """Load the engine and open the starter model; for after the first paint."""
        self._run(work.warm_up(), self._warm, self._cold)
        starter = work.starter()
        if starter and not self.model:
            self._starting = True
            self._run(work.open_model(starter, "starter"), self._opened, self._started)

    def set_index(self, index: DatasetIndex) -> None:
        """Make a labelled folder the data set."""
        self.index = index
        self.earlier = None
        if not self.training.busy:
            self.training.forget()
        self.labels.clear()
        self.index_changed.emit()
        self.look_for_earlier()
        card = self.card(self.training.config.model)
        self.pictures.check_folder(index.root, card.spec.size if card else None)

    def judge_labels(self) -> None:
        """Look for wrong labels in the open data set, with trainings like the one that has ended."""
        if self.index:
            self.labels.judge_labels(self.index, self.training.config)
            self.wanted.emit("images")

    def _labels_judged(self) -> None:
        """Say what came of the check of the labels, once it is over."""
        if self.labels.busy or not self.labels.result:
            return
        if count := len(self.labels.suspects):
            words = text.counted(
                count,
                self.tr("1 picture is perhaps in the wrong class"),
                self.tr("%n pictures are perhaps in the wrong class"),
            )
            self.say(f"{words}.", "warn", self.tr("Show pictures"), lambda: self.wanted.emit("images"))
        else:
            self.say(self.tr("No picture seems to be in the wrong class."), "good")

    def _make_way(self) -> None:
        """A training does not share the computer with the trainings that judge the labels."""
        if self.training.busy and self.labels.busy:
            self.labels.stop()
            self.say(self.tr("The check of the labels was stopped, because a training has begun."))

    def look_for_earlier(self) -> None:
        """Ask what is kept of trainings of the data set; `earlier_changed` tells."""
        if self.index:
            self._run(work.earlier(self.index.root), self._earlier)

    def open_model(self, path: Path, origin: Origin = "file") -> None:
        """Read a model file's header and answer with it from then on."""
        self._run(work.open_model(path, origin), self._opened)

    def save_model(self, model: Path, to: Path) -> None:
        """Copy the network's file `model` to `to`."""
        self._run(work.save_model(model, to), self._saved)

    def classify(self, paths: list[Path]) -> bool:
        """Ask the network about pictures; False, with a sentence, if there is none. They wait for a starter
        model that is only just being opened."""
        if self._starting and not self.model:
            self._early = paths
            return True
        if not self.model:
            self.say(
                self.tr("There is no network yet to answer: train one, or open a model file (.safetensors)."),
                "warn",
            )
            return False
        self.classifying.ask(paths)
        self.wanted.emit("classify")
        return True

    def _run(
        self,
        task: Work,
        take: Callable[[object], None],
        fail: Callable[[Exception | None], None] | None = None,
    ) -> None:
        # Methods only, no closures over the job: a cycle would leave it to the garbage collector, which
        # may run on any thread, to destroy a QThread.
        job = Job(task)
        self._jobs.add(job)
        job.reported.connect(take)
        job.ended.connect(fail or self._complain)
        job.ended.connect(self._sweep)
        job.begin()

    def _sweep(self, _problem: Exception | None) -> None:
        self._jobs = {job for job in self._jobs if not job.isFinished()}

    def _complain(self, problem: Exception | None) -> None:
        if problem:
            self._bad(sentence(problem))

    def _bad(self, words: str) -> None:
        self.say(words, "bad")

    def _found(self, index: DatasetIndex) -> None:
        if index.labelled and self.training.busy:
            words = self.tr("A training is running. Stop it before you open another folder.")
            self.said.emit(Message(words, "warn", passing=True))
            self.wanted.emit("train")
        elif index.labelled:
            self.set_index(index)
            self.wanted.emit("images")
        elif index.records:
            self._classify_flat(index)
        else:
            name = text.shown(index.root.name or index.root)
            self.say(self.tr("“{0}” holds no pictures that cnngui can read.").format(name), "warn")

    def _classify_flat(self, index: DatasetIndex) -> None:
        """Classify the pictures of a folder without class folders, and say so to who may have wanted to train
        on it: whoever has no network of their own."""
        name = text.shown(index.root.name or index.root)
        if self.model or self._starting:
            self.classify([index.file(record) for record in index.records])
            if not self.model or self.model.origin == "starter":
                words = self.tr(
                    "“{0}” has no class folders, so its pictures are classified. To train, drop a folder "
                    "that holds one folder for each class."
                )
                self.say(words.format(name))
            return
        words = self.tr(
            "“{0}” has no class folders, so it can only be classified, and no network is open yet: "
        )
        if self.training.busy:
            words += self.tr("wait for the training to end, or open a model file (.safetensors).")
        else:
            words += self.tr("train one on a folder with class folders, or open a model file (.safetensors).")
        self.say(words.format(name), "warn")

    def _warm(self, item: object) -> None:
        if isinstance(item, Ready):
            self.ready = item
            self.ready_changed.emit()

    def _cold(self, problem: Exception | None) -> None:
        if problem:
            self.problem = sentence(problem)
            self.ready_changed.emit()
            self._bad(self.problem)

    def _opened(self, item: object) -> None:
        if isinstance(item, OpenedModel):
            if item.origin == "starter" and self.model:
                return  # the person was quicker
            self.model = item
            self.classifying.use(item)
            self.model_changed.emit()
            if item.origin == "file":
                self._run(work.check_model(item.path), self._judged)

    def _started(self, problem: Exception | None) -> None:
        self._starting = False
        self._complain(problem)
        early, self._early = self._early, []
        if early:
            self.classify(early)

    def _judged(self, item: object) -> None:
        """Say what is wrong with a network that was opened; the Pitfalls page shows it all."""
        found = item.checked.findings if isinstance(item, work.Judged) else ()
        first = next((one for one in found if one.severity is not Severity.INFO), None)
        if first and self.model and str(self.model.path) == first.where.path:
            path = self.model.path
            self.say(first.message, "warn", self.tr("Show pitfalls"), lambda: self._show_pitfalls(path))

    def _show_pitfalls(self, path: Path) -> None:
        self.checking.open(path)
        self.wanted.emit("pitfalls")

    def _saved(self, path: object) -> None:
        self.say(self.tr("The network was saved as “{0}”.").format(path), "good")

    def _earlier(self, item: object) -> None:
        if isinstance(item, Earlier) and self.index and item.root == self.index.root:
            self.earlier = item
            self.earlier_changed.emit()
            if item.network and (not self.model or self.model.origin == "starter"):
                self.open_model(item.network, "trained")  # what was trained on these pictures answers

    def _trained(self) -> None:
        result = self.training.result
        if result and result.model:
            self.open_model(Path(result.model), "trained")
        self.look_for_earlier()
