"""An empty page: what to do first, said once, with the button that does it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnngui.gui import icons, theme
from cnngui.gui.widgets.basic import Button, IconText, Paragraph, column, label, row

_BELOW = 3 * theme.GRID  # between the area and the window's lower edge


class EmptyState(QWidget):
    """A wide dashed area with a picture, a headline, a sentence and buttons, all in its middle."""

    def __init__(
        self, art: QWidget, headline: str, sentence: str, buttons: tuple[Button, ...], foot: str = ""
    ) -> None:
        super().__init__()
        title = label(headline, "title")
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words = Paragraph(sentence, "lead", 480)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.sentence = words
        note = IconText("lock", "faint", foot, role="caption")
        if not foot:
            note.hide()
        middle = column(spacing=0)
        centred = Qt.AlignmentFlag.AlignHCenter
        middle.addStretch(1)
        middle.addWidget(art, 0, centred)
        middle.addSpacing(3 * theme.GRID)
        middle.addWidget(title, 0, centred)
        middle.addSpacing(theme.GRID)
        middle.addWidget(words, 0, centred)
        middle.addSpacing(3 * theme.GRID)
        middle.addLayout(row(None, *buttons, None, spacing=theme.GRID + theme.HALF))
        middle.addSpacing(3 * theme.GRID)
        middle.addWidget(note, 0, centred)
        middle.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN + _BELOW)
        whole.addLayout(middle)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.colour("edge", 0.55), 1.5, Qt.PenStyle.DashLine)
        pen.setDashPattern([5, 5])
        painter.setPen(pen)
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1 - _BELOW), 16, 16)


class IconArt(QWidget):
    """A large icon on a round tinted ground."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setFixedSize(96, 96)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("tint"))
        painter.drawEllipse(self.rect())
        icons.draw(painter, self._icon, QRectF(26, 26, 44, 44), "link")


class FolderArt(QWidget):
    """What a folder to learn from looks like: one folder that holds a folder of pictures for each class."""

    _ROW = 40

    def __init__(self, root: str, classes: tuple[str, ...]) -> None:
        super().__init__()
        self._root = root
        self._classes = classes
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(328, (1 + len(self._classes)) * self._ROW + 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("page"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
        self._paint_row(painter, 8, 20, self._root, theme.SEMIBOLD)
        painter.setPen(QPen(theme.colour("edge", 0.6), 1.5))
        last = 8 + len(self._classes) * self._ROW + self._ROW / 2
        painter.drawLine(31, 8 + self._ROW - 6, 31, int(last))
        for number, name in enumerate(self._classes, 1):
            top = 8 + number * self._ROW
            painter.setPen(QPen(theme.colour("edge", 0.6), 1.5))
            painter.drawLine(31, top + self._ROW // 2, 44, top + self._ROW // 2)
            self._paint_row(painter, top, 52, name, theme.MEDIUM)
            for place in range(4):
                self._paint_picture(painter, QRectF(184 + place * 32, top + 8, 24, 24))

    def _paint_row(self, painter: QPainter, top: int, left: int, text: str, weight: object) -> None:
        icons.draw(painter, "folder", QRectF(left, top + 9, 22, 22), "link")
        painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD if weight == theme.SEMIBOLD else theme.MEDIUM))
        painter.setPen(theme.colour("text"))
        room = QRectF(left + 30, top, 184 - left - 34, self._ROW)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_picture(self, painter: QPainter, where: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("tint"))
        painter.drawRoundedRect(where, 5, 5)
        icons.draw(painter, "picture", where.adjusted(4, 4, -4, -4), "link")
