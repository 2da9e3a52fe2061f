"""One picture of each of the first classes, with its name: what a network is going to learn."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnngui.data.index import DatasetIndex
from cnngui.gui import text, theme
from cnngui.gui.widgets import paint
from cnngui.gui.widgets.thumbnails import Thumbnails

_SIDE = 80
_MOST = 40  # classes; more do not fit on any screen


class ClassStrip(QWidget):
    """As many classes as there is room for; the last place says how many more there are."""

    def __init__(self) -> None:
        super().__init__()
        self._items: list[tuple[str, str]] = []  # (class, path of its first picture)
        self._classes = 0
        self._thumbnails = Thumbnails(room=16 * 2**20, jobs=1)
        self._thumbnails.arrived.connect(self._repaint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.in_use.changed.connect(self._repaint)

    def show_index(self, index: DatasetIndex) -> None:
        """Show the classes of `index`."""
        first: dict[int, str] = {}
        for record in index.records:
            if record.label not in first:
                first[record.label] = str(index.file(record))
                if len(first) == len(index.classes):
                    break
        self._thumbnails.forget()
        self._items = [(name, first.get(n, "")) for n, name in enumerate(index.classes[:_MOST])]
        self._classes = len(index.classes)
        self.setAccessibleName(self.tr("The classes: {0}").format(text.some(index.classes)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(4 * _SIDE, _SIDE + 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        step = _SIDE + theme.GAP
        places = max(1, (self.width() + theme.GAP) // step)
        shown = self._items if self._classes <= places else self._items[: places - 1]
        for place, (name, path) in enumerate(shown):
            where = QRectF(place * step, 0, _SIDE, _SIDE)
            pixmap = self._thumbnails.get(path) if path else None
            if pixmap is None:
                paint.placeholder(painter, where, theme.RADIUS)
            else:
                paint.filled(painter, pixmap, where, theme.RADIUS)
            self._paint_name(painter, place * step, text.shown(name))
        if len(shown) < self._classes:
            where = QRectF(len(shown) * step, 0, _SIDE, _SIDE)
            paint.placeholder(painter, where, theme.RADIUS)
            painter.setFont(theme.font(theme.LEAD, theme.MEDIUM))
            painter.setPen(theme.colour("soft"))
            painter.drawText(
                where, Qt.AlignmentFlag.AlignCenter, f"+{text.number(self._classes - len(shown))}"
            )

    def _paint_name(self, painter: QPainter, left: int, name: str) -> None:
        face = theme.font(theme.CAPTION)
        painter.setFont(face)
        painter.setPen(theme.colour("soft"))
        where = QRectF(left, _SIDE + 4, _SIDE, 20)
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, theme.elide(name, face, _SIDE))

    def _repaint(self, _path: str = "") -> None:
        self.update()
