"""Pictures asked about and the answers: the rows that the cards and the table show."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from cnngui.data.index import Unreadable
from cnngui.engine.results import Prediction
from cnngui.gui import work
from cnngui.gui.job import Job, sentence
from cnngui.gui.work import OpenedModel

Answer = Prediction | Unreadable

BEAT = 50  # milliseconds between two lots of answers


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the answers are what."""

    answered: int
    unsure: int
    unreadable: int


class Classifying(QObject):
    """`asked(number)`: pictures were asked about, and the row of the first of them is or will be `number`;
    `grew(first, last)`: rows were added; `cleared`: they went; `changed`: work began or ended."""

    asked = Signal(int)
    grew = Signal(int, int)
    cleared = Signal()
    changed = Signal()
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Answer] = []
        self._asked: dict[str, None] = {}  # every picture asked about, in order
        self._waiting: list[Path] = []
        self._arrived: list[Answer] = []
        self._beat = QTimer(self)
        self._beat.setSingleShot(True)
        self._beat.setInterval(BEAT)
        self._beat.timeout.connect(self._flush)
        self._job: Job | None = None
        self._model: OpenedModel | None = None
        self._unsure = 0
        self._unreadable = 0
        self._began = 0.0  # when the first answer of this work came
        self._before = 0  # answers until then

    @property
    def busy(self) -> bool:
        return self._job is not None

    @property
    def total(self) -> int:
        """How many pictures were asked about, answered or not."""
        return len(self._asked)

    def tally(self) -> Tally:
        return Tally(len(self.rows), self._unsure, self._unreadable)

    def remaining(self) -> float | None:
        """Seconds until all are answered, judged by the pictures since work began; None: not known yet."""
        done = len(self.rows) - self._before
        if not self.busy or done < 5:
            return None
        return (time.monotonic() - self._began) / done * (self.total - len(self.rows))

    def use(self, model: OpenedModel | None) -> None:
        """Answer with `model` from now on, and ask it about the pictures at hand again."""
        if model == self._model:
            return
        self._model = model
        pictures = [Path(path) for path in self._asked]
        self.clear()
        if model and pictures:
            self.ask(pictures)

    def ask(self, paths: Iterable[Path]) -> int:
        """Classify what was not asked about before; returns how many that are."""
        wanted = list(dict.fromkeys(paths))
        new = [path for path in wanted if str(path) not in self._asked]
        self._asked.update(dict.fromkeys(map(str, new)))
        self._waiting += new
        self.asked.emit(list(self._asked).index(str(wanted[0])))  # answers come in the order of the questions
        self._next()
        return len(new)

    def stop(self) -> None:
        """Leave the pictures that have no answer yet."""
        self._flush()
        if self._job:
            self._job.detach()
            self._job = None
        self._waiting.clear()
        self._asked = dict.fromkeys(row.path for row in self.rows)
        self.changed.emit()

    def clear(self) -> None:
        """Forget all pictures and answers."""
        self._arrived.clear()
        self.rows.clear()
        self._unsure = self._unreadable = 0
        self.cleared.emit()
        self.stop()

    def _next(self) -> None:
        if self._job or not self._waiting or not self._model:
            return
        batch, self._waiting = self._waiting, []
        self._began = 0.0
        self._job = Job(work.classify(self._model.path, batch))
        self._job.reported.connect(self._take)
        self._job.ended.connect(self._end)
        self._job.begin()
        self.changed.emit()

    def _take(self, item: object) -> None:
        if not self._began:  # loading the network is not counted: it happens once
            self._began, self._before = time.monotonic(), len(self.rows) + 1
        if isinstance(item, Prediction | Unreadable):
            self._arrived.append(item)
        if not self._beat.isActive():
            self._beat.start()

    def _flush(self) -> None:
        """Hand on what has arrived since the last beat, in one piece: a view lays itself out once for it."""
        new, self._arrived = self._arrived, []
        if new:
            first = len(self.rows)
            self._unreadable += sum(isinstance(answer, Unreadable) for answer in new)
            self._unsure += sum(isinstance(answer, Prediction) and not answer.sure for answer in new)
            self.rows += new
            self.grew.emit(first, len(self.rows) - 1)

    def _end(self, problem: Exception | None) -> None:
        self._job = None
        self._flush()
        if problem:
            self.stop()
            self.failed.emit(sentence(problem))
            return
        self._next()
        self.changed.emit()
