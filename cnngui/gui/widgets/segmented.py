"""Two or more views of the same thing, one of which is shown."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget

from cnngui.gui import icons, theme
from cnngui.gui.widgets.basic import ring


class _Segment(QAbstractButton):
    def __init__(self, icon: str, text: str) -> None:
        super().__init__()
        self._icon = icon
        self.setText(text)
        self.setCheckable(True)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 52, theme.CONTROL - 6)

    def enterEvent(self, _event: QEvent) -> None:
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.isChecked():
            painter.setPen(theme.colour("line"))
            painter.setBrush(theme.colour("surface"))
            painter.drawRoundedRect(whole, 6, 6)
        ink = "text" if self.isChecked() else "soft"
        icons.draw(painter, self._icon, QRectF(10, (self.height() - 18) / 2, 18, 18), ink)
        painter.setFont(theme.font(13, theme.MEDIUM))
        painter.setPen(theme.colour(ink))
        painter.drawText(whole.adjusted(34, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            ring(painter, whole.adjusted(1, 1, -1, -1), 6)


class Segmented(QWidget):
    """`chosen(number)` when another segment is picked."""

    chosen = Signal(int)

    def __init__(self, name: str, *segments: tuple[str, str]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3, 3, 3, 3)
        layout.setSpacing(2)
        for number, (icon, text) in enumerate(segments):
            segment = _Segment(icon, text)
            self._group.addButton(segment, number)
            layout.addWidget(segment)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self.chosen)

    def number(self) -> int:
        """Which segment is picked."""
        return self._group.checkedId()

    def choose(self, number: int) -> None:
        """Pick a segment as if it had been clicked."""
        self._group.button(number).setChecked(True)
        self.chosen.emit(number)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS, theme.RADIUS)
