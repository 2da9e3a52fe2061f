"""One picture and its answer, large."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnngui.data.index import Unreadable
from cnngui.engine.results import Guess
from cnngui.engine.spec import ImageSpec
from cnngui.gui import text, theme
from cnngui.gui.classifying import Answer
from cnngui.gui.widgets import paint
from cnngui.gui.widgets.answers import spoken
from cnngui.gui.widgets.basic import Card, ElidedLabel, column, label, row
from cnngui.gui.widgets.picture_view import PictureView
from cnngui.gui.widgets.thumbnails import Thumbnails


class ProbabilityBars(QWidget):
    """The best classes of one picture, each with its probability and a bar."""

    def __init__(self) -> None:
        super().__init__()
        self._top: tuple[Guess, ...] = ()
        self._sure = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.in_use.changed.connect(self.update)

    def show_top(self, top: tuple[Guess, ...], sure: bool) -> None:
        self._top, self._sure = top, sure
        self.setAccessibleName(", ".join(f"{g.label} {text.percent(g.probability)}" for g in top))
        self.updateGeometry()
        self.update()

    def top(self) -> tuple[Guess, ...]:
        return self._top

    def sizeHint(self) -> QSize:
        return QSize(240, paint.BAR_ROW * len(self._top))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint.bars(painter, QRectF(self.rect()), self._top, self._sure, len(self._top))


class AnswerPanel(QWidget):
    """The picture on the left, the answer in words and bars on the right."""

    def __init__(self) -> None:
        super().__init__()
        self._large = Thumbnails(side=1400, room=48 * 2**20, waiting=2, jobs=1)
        self._large.arrived.connect(self._arrived)
        self._answer: Answer | None = None
        self.view = PictureView()
        self.name = ElidedLabel(role="caption")
        self.headline = label("", "display", wrap=True)
        self.sentence = label("", "soft", wrap=True)
        self.bars = ProbabilityBars()
        words = Card(padding=3 * theme.GRID)
        words.setFixedWidth(304)
        words.body.addLayout(column(self.name, self.headline, self.sentence, spacing=theme.HALF))
        words.body.addWidget(self.bars)
        whole = row(self.view, spacing=3 * theme.GRID)
        whole.setStretch(0, 1)
        whole.addWidget(words, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(whole)

    def show_answer(self, answer: Answer, unsure_below: float) -> None:
        """Show one answer; `unsure_below` is the probability under which the network says "not sure"."""
        self._answer = answer
        self.name.set_whole(text.shown(Path(answer.path).name))
        self.setAccessibleName(spoken(answer))
        if isinstance(answer, Unreadable):
            self.headline.setText(self.tr("Cannot be read"))
            self.sentence.setText(text.shown(answer.reason))
            self.bars.show_top((), sure=False)
            self.view.show_picture(None, self.name.whole(), "unreadable")
            return
        chance = text.percent(answer.probability)
        if answer.sure:
            self.headline.setText(text.shown(answer.label))
            self.sentence.setText(self.tr("The network is {0} sure.").format(chance))
        elif not answer.familiar:
            self.headline.setText(self.tr("Not sure"))
            words = self.tr("Perhaps {0}, but the picture is unlike anything this network was trained on.")
            self.sentence.setText(words.format(text.shown(answer.label)))
        else:
            self.headline.setText(self.tr("Not sure"))
            words = self.tr("Perhaps {0}, but {1} is less than the {2} this network needs to be sure.")
            line = text.percent(unsure_below)
            self.sentence.setText(words.format(text.shown(answer.label), chance, line))
        self.bars.show_top(answer.top, answer.sure)
        self._arrived(answer.path)

    def show_frame(self, on: bool, spec: ImageSpec | None) -> None:
        self.view.show_frame(on, spec)

    def forget(self) -> None:
        self._large.forget()

    def _arrived(self, path: str) -> None:
        if self._answer and path == self._answer.path:
            icon = "unreadable" if self._large.problem(path) else ""
            self.view.show_picture(self._large.get(path), self.name.whole(), icon)
