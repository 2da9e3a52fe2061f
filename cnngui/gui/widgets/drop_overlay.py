"""What lies over the window while something is dragged across it, and says what a drop would do."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from cnngui.gui import icons, theme


class DropOverlay(QWidget):
    """Covers its parent while shown and lets every event through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.tr("Drop area"))
        self._text = ""
        self._parent = parent
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        return self._text

    def show_for(self, text: str) -> None:
        """Appear, saying what a drop would do."""
        self._text = text
        self.setGeometry(self._parent.rect())
        self.raise_()
        self.show()
        self.update()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._parent.rect())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour("page", 0.88))
        frame = QRectF(self.rect()).adjusted(16, 16, -16, -16)
        painter.setBrush(theme.colour("tint", 0.7))
        pen = QPen(theme.colour("accent"), 2, Qt.PenStyle.DashLine)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.drawRoundedRect(frame, 16, 16)
        centre = frame.center()
        icons.draw(painter, "drop", QRectF(centre.x() - 24, centre.y() - 64, 48, 48), "link")
        painter.setFont(theme.font(theme.TITLE, theme.SEMIBOLD))
        painter.setPen(theme.colour("text"))
        words = QRectF(frame.left() + 24, centre.y(), frame.width() - 48, 72)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(words, flags, self._text)
