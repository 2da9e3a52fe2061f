"""A training as the window knows it: what was asked, what has arrived, how it ended."""

from enum import Enum, auto

from PySide6.QtCore import QObject, Signal

from cnngui.data.index import DatasetIndex
from cnngui.engine.events import Decoding, Download, EpochDone, Notice, RunEnded, RunStarted, StepDone
from cnngui.engine.spec import TrainConfig
from cnngui.gui import text, work
from cnngui.gui.job import Job, sentence
from cnngui.gui.work import Warned


class Phase(Enum):
    IDLE = auto()
    PREPARING = auto()  # pictures are read into the cache; no step was made yet
    RUNNING = auto()
    STOPPING = auto()
    ENDED = auto()
    FAILED = auto()


class Trace:
    """A curve that stays small however long the run: once full, neighbours are averaged in pairs."""

    LIMIT = 2000

    def __init__(self) -> None:
        self.x: list[float] = []
        self.y: list[float] = []
        self._width = 1
        self._bucket: list[tuple[float, float]] = []

    def add(self, x: float, y: float) -> None:
        self._bucket.append((x, y))
        if len(self._bucket) < self._width:
            return
        self.x.append(sum(a for a, _ in self._bucket) / self._width)
        self.y.append(sum(b for _, b in self._bucket) / self._width)
        self._bucket.clear()
        if len(self.x) >= self.LIMIT:
            self.x = [sum(self.x[i : i + 2]) / 2 for i in range(0, self.LIMIT, 2)]
            self.y = [sum(self.y[i : i + 2]) / 2 for i in range(0, self.LIMIT, 2)]
            self._width *= 2


class Training(QObject):
    """One run at a time. `changed` when the phase, an epoch, a notice or a warning is new; `ended` after
    the thread is over.

    Steps come too fast to draw each: whoever draws them looks at `steps`, `step` and `counter` by a timer.
    """

    changed = Signal()
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._job: Job | None = None
        self.index: DatasetIndex | None = None
        self.config = TrainConfig()
        self._clear()

    def _clear(self) -> None:
        self.phase = Phase.IDLE
        self.download: Download | None = None
        self.decoding: Decoding | None = None
        self.started: RunStarted | None = None
        self.step: StepDone | None = None
        self.steps = Trace()  # x in epochs, y the loss of a batch
        self.epochs: list[EpochDone] = []
        self.result: RunEnded | None = None
        self.problem = ""
        self.notices: list[str] = []  # what changed on the way
        self.warnings: list[Warned] = []
        self.counter = 0  # grows with every event

    @property
    def busy(self) -> bool:
        return self._job is not None

    @property
    def paused(self) -> bool:
        return self._job is not None and self._job.paused and self.phase is not Phase.STOPPING

    def start(self, index: DatasetIndex, config: TrainConfig, resume: bool = False, longer: int = 0) -> None:
        """Train on `index`, or go on with its interrupted run, or with the finished one for `longer` epochs.
        Only one at a time."""
        assert not self.busy, "a training is already running"
        self._clear()
        self.index, self.config = index, config
        self.phase = Phase.PREPARING
        self._job = Job(work.train(index, config, resume, longer), patient=True)
        self._job.reported.connect(self._take)
        self._job.ended.connect(self._end)
        self._job.begin()
        self.changed.emit()

    def toggle_pause(self) -> None:
        """Pause, or go on."""
        if self._job and self.phase in (Phase.PREPARING, Phase.RUNNING):
            if self._job.paused:
                self._job.resume()
            else:
                self._job.pause()
            self.changed.emit()

    def stop(self) -> None:
        """End after the present step; the best network so far is kept."""
        if self._job:
            self.phase = Phase.STOPPING
            self._job.stop()
            self.changed.emit()

    def forget(self) -> None:
        """Back to the start, once a run is over."""
        if not self.busy:
            self._clear()
            self.index, self.config = None, TrainConfig()
            self.changed.emit()

    def share(self) -> float:
        """How much of the whole run is done, 0 to 1."""
        if self.result and self.result.reason == "finished":
            return 1.0
        if not self.started:
            return 0.0
        done = float(self.epochs[-1].epoch if self.epochs else self.started.first_epoch - 1)
        if self.step and self.step.epoch > done:
            done = self.step.epoch - 1 + self.step.step / self.step.steps
        return min(1.0, done / max(1, self.started.epochs))

    def notes(self) -> tuple[str, ...]:
        """How the run was set up: why this network and method, what was left out of the pictures."""
        if not self.started:
            return ()
        unreadable = self.started.unreadable
        if not unreadable:
            return self.started.notes
        many = text.counted(
            len(unreadable),
            text.tr("1 picture cannot be read and is left out"),
            text.tr("%n pictures cannot be read and are left out"),
        )
        path, reason = unreadable[0]
        return (*self.started.notes, f"{many}: {text.shown(path)}. {reason}" if reason else many)

    def _take(self, item: object) -> None:
        self.counter += 1
        if isinstance(item, StepDone):
            self.step = item
            self.steps.add(item.epoch - 1 + item.step / item.steps, item.loss)
            return
        if isinstance(item, Download):
            self.download = item
            return
        if isinstance(item, Decoding):
            self.decoding = item
            return
        if isinstance(item, RunStarted):
            self.started = item
            self.epochs = list(item.history)
            if self.phase is Phase.PREPARING:
                self.phase = Phase.RUNNING
        elif isinstance(item, EpochDone):
            self.epochs.append(item)
        elif isinstance(item, RunEnded):
            self.result = item
        elif isinstance(item, Notice):
            self.notices.append(item.sentence)
        elif isinstance(item, Warned):
            self.warnings.append(item)
        self.changed.emit()

    def _end(self, problem: Exception | None) -> None:
        self._job = None
        self.counter += 1
        self.phase = Phase.FAILED if problem else Phase.ENDED
        if problem:
            self.problem = sentence(problem)
        elif self.result and self.result.reason == "failed":
            self.phase, self.problem = Phase.FAILED, self.result.sentence
        elif not self.result:  # stopped before the engine had anything to say
            self.phase = Phase.IDLE
        self.changed.emit()
        self.ended.emit()
