"""A plot of what has arrived: training and validation against the epoch, in the window's colours."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnngui.gui import theme
from cnngui.gui.widgets.basic import Card, label, row

Line = tuple[Sequence[float], Sequence[float]]  # x, y


class LivePlot(Card):
    """Three lines: single steps (faint), training, validation. The legend carries the latest numbers.

    pyqtgraph takes a while to load, so it is loaded by `build`, which must come before `draw`.
    """

    def __init__(self, title: str, y_label: str, per_cent: bool = False) -> None:
        super().__init__(padding=theme.GAP, spacing=theme.GRID)
        self._y_label = y_label
        self._per_cent = per_cent
        self._plot: Any = None  # pyqtgraph has no types
        self._train_key = _Key(self.tr("Training"), "train")
        self._val_key = _Key(self.tr("Validation"), "accent")
        self.setAccessibleName(title)
        keys = row(self._train_key, self._val_key, spacing=theme.GRID + theme.HALF)
        self.body.addLayout(row(label(title, "strong"), None, keys))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(220)

    def build(self) -> None:
        """Load pyqtgraph and make the empty plot; does nothing the second time."""
        if self._plot is not None:
            return
        import pyqtgraph as pg

        self._pg = pg
        self._plot = pg.PlotWidget()
        self._plot.setAntialiasing(True)
        self._plot.setAcceptDrops(False)  # the window takes every drop
        self._plot.viewport().setAcceptDrops(False)
        self._plot.setAccessibleName(self.accessibleName())
        for part in (self._plot, *self._plot.findChildren(QWidget)):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # there is nothing to do in it
        item = self._plot.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(False, False)
        item.setContentsMargins(0, 8, 8, 0)
        item.getAxis("left").enableAutoSIPrefix(False)
        item.getAxis("bottom").enableAutoSIPrefix(False)
        self._steps = item.plot()
        self._train = item.plot()
        self._val = item.plot()
        self._best = item.plot()
        self.body.addWidget(self._plot, 1)
        self._colour()
        theme.in_use.changed.connect(self._colour)

    def draw(
        self, done: float, epochs: int, steps: Line, train: Line, val: Line, best: int | None = None
    ) -> None:
        """Show the lines when `done` of `epochs` are over; `best` is the position of the best validation
        point."""
        epochs = axis_end(done, epochs)
        self._steps.setData(list(steps[0]), list(steps[1]))
        self._train.setData(list(train[0]), list(train[1]))
        self._val.setData(list(val[0]), list(val[1]))
        mark = ([val[0][best]], [val[1][best]]) if best is not None else ([], [])
        self._best.setData(*mark)
        item = self._plot.getPlotItem()
        item.setXRange(0, epochs, padding=0.01)
        item.getAxis("bottom").setTicks([[(at, str(at)) for at in epoch_ticks(epochs)]])
        # pyqtgraph leaves out a label that does not fit between the ends of an axis with a grid.
        room = 12 / max(120, item.getViewBox().height())
        if self._per_cent:
            item.setYRange(0, 100, padding=room)
            item.getAxis("left").setTicks([[(at, str(at)) for at in range(0, 101, 25)]])
        else:
            highest = max([0.1, *train[1], *val[1], *_without_peaks(steps[1])])
            item.setYRange(0, highest * 1.05, padding=room)
        self._train_key.set_value(self._value(train[1] or steps[1][-1:]))
        self._val_key.set_value(self._value(val[1]))

    def points(self) -> tuple[int, int, int]:
        """How many points the three lines show."""
        return tuple(
            0 if line.xData is None else len(line.xData) for line in (self._steps, self._train, self._val)
        )  # type: ignore[return-value]

    def _value(self, ys: Sequence[float]) -> str:
        if not ys:
            return ""
        return f"{ys[-1]:.0f} %" if self._per_cent else f"{ys[-1]:.3f}"

    def _colour(self) -> None:
        pg, item = self._pg, self._plot.getPlotItem()
        self._plot.setBackground(theme.colour("surface"))
        soft = theme.colour("faint")
        for name, words in (("left", self._y_label), ("bottom", self.tr("Epoch"))):
            axis = item.getAxis(name)
            axis.setPen(pg.mkPen(theme.colour("line")))
            axis.setTextPen(pg.mkPen(soft))
            axis.setStyle(tickFont=theme.font(theme.CAPTION, figures=True), tickLength=0, tickTextOffset=8)
            axis.setStyle(hideOverlappingLabels=False)  # also the labels at the ends of the axis
            axis.setLabel(words, **{"color": soft.name(), "font-size": f"{theme.CAPTION}px"})
            axis.setTickPen(pg.mkPen(theme.colour("line")))
        item.getAxis("left").setWidth(56)
        item.getAxis("bottom").setHeight(44)
        item.showGrid(x=False, y=True, alpha=0.6)
        self._steps.setPen(pg.mkPen(theme.colour("train", 0.3), width=1))
        self._train.setPen(pg.mkPen(theme.colour("train"), width=2, style=Qt.PenStyle.DashLine))
        self._val.setPen(pg.mkPen(theme.colour("accent"), width=2.5))
        self._best.setPen(None)
        self._best.setSymbol("o")
        self._best.setSymbolSize(10)
        self._best.setSymbolBrush(theme.colour("accent"))
        self._best.setSymbolPen(pg.mkPen(theme.colour("surface"), width=2))

    def sizeHint(self) -> QSize:
        return QSize(380, 320)


def axis_end(done: float, epochs: int) -> int:
    """Where the axis ends: it grows with the run, by doubling, so that the first epochs are not a smear."""
    end = 10
    while end < done + 1:
        end *= 2
    return max(1, min(end, epochs))


def epoch_ticks(epochs: int, most: int = 8) -> list[int]:
    """Whole epochs to mark on an axis, at round distances, `most` of them besides 0."""
    distances = (digit * 10**power for power in range(9) for digit in (1, 2, 5))
    distance = next(step for step in distances if epochs <= most * step)
    return list(range(0, max(1, epochs) + 1, distance))


def _without_peaks(ys: Sequence[float]) -> list[float]:
    """The highest of the steps but for the top twentieth: one wild batch must not flatten the curves."""
    return [sorted(ys)[int(0.95 * (len(ys) - 1))]] if ys else []


class _Key(QWidget):
    """One entry of the legend: a piece of the line, its name, its latest number."""

    def __init__(self, name: str, ink: str) -> None:
        super().__init__()
        self._ink = ink
        self._name = label(name, "caption")
        self._number = label("", "caption")
        self._number.setFont(theme.font(theme.CAPTION, figures=True))
        layout = row(self._name, self._number, spacing=6)
        layout.setContentsMargins(22, 0, 0, 0)
        self.setLayout(layout)

    def set_value(self, value: str) -> None:
        self._number.setText(value)
        self.setAccessibleName(f"{self._name.text()} {value}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dashed = Qt.PenStyle.DashLine if self._ink == "train" else Qt.PenStyle.SolidLine
        pen = QPen(theme.colour(self._ink), 2.5, dashed)
        if dashed is Qt.PenStyle.DashLine:
            pen.setDashPattern([2.4, 1.6])
        painter.setPen(pen)
        middle = QRectF(self.rect()).center().y()
        painter.drawLine(0, int(middle), 16, int(middle))
