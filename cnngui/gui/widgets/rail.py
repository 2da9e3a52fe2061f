"""The left rail: one row per page, and below it what is open."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from cnngui.gui import icons, theme
from cnngui.gui.widgets.basic import Button, ElidedLabel, Lines, column, label, ring


class RailButton(QAbstractButton):
    """A page's row: icon, name, and a badge when the page has something to say."""

    def __init__(self, icon: str, text: str, shortcut: str) -> None:
        super().__init__()
        self._icon = icon
        self._badge = ""
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(f"{text} · {shortcut}")
        self.setMinimumHeight(40)
        self._name()

    @property
    def badge(self) -> str:
        return self._badge

    def set_badge(self, text: str) -> None:
        if text != self._badge:
            self._badge = text
            self._name()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.RAIL - 2 * theme.GAP, 40)

    def _name(self) -> None:
        self.setAccessibleName(f"{self.text()}, {self._badge}" if self._badge else self.text())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(theme.colour("tint"))
            painter.drawRoundedRect(whole, theme.RADIUS, theme.RADIUS)
        elif self.underMouse():
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(whole, theme.RADIUS, theme.RADIUS)
        ink = "link" if self.isChecked() else "soft"
        icons.draw(painter, self._icon, QRectF(12, (self.height() - 20) / 2, 20, 20), ink)
        room = self._paint_badge(painter)
        face = theme.font(theme.BODY, theme.SEMIBOLD if self.isChecked() else theme.MEDIUM)
        painter.setFont(face)
        painter.setPen(theme.colour("text" if self.isChecked() else "soft"))
        words = QRectF(44, 0, room - 44, self.height())
        text = theme.elide(self.text(), face, int(words.width()))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        if self.hasFocus():
            ring(painter, whole.adjusted(1, 1, -1, -1), theme.RADIUS)

    def _paint_badge(self, painter: QPainter) -> float:
        """Draw the badge; returns where the room for the name ends."""
        if not self._badge:
            return self.width() - 8.0
        face = theme.font(theme.CAPTION, theme.SEMIBOLD, figures=True)
        painter.setFont(face)
        width = max(24.0, painter.fontMetrics().horizontalAdvance(self._badge) + 14.0)
        pill = QRectF(self.width() - width - 8, (self.height() - 22) / 2, width, 22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(pill, 11, 11)
        painter.setPen(theme.colour("soft"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, self._badge)
        return pill.left() - 6


class Rail(QWidget):
    """The rows are connected by whoever adds them; `menu_button` opens the program's menu."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(theme.RAIL)
        self.menu_button = Button("", "menu", "quiet", name=self.tr("Menu"), tip=self.tr("Menu"))
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.HALF)
        self.data_name = Lines(most=2)
        self._data_more = ElidedLabel(role="caption", middle=False)
        self.model_name = Lines(most=2)
        self._model_more = ElidedLabel(role="caption", middle=False)

        top = QHBoxLayout()
        top.setContentsMargins(12, 0, 0, 0)
        top.setSpacing(theme.GRID)
        top.addWidget(_Mark())
        top.addWidget(label("cnngui", "strong"))
        top.addStretch(1)
        top.addWidget(self.menu_button)
        facts = column(
            label(self.tr("Data set"), "section"),
            self.data_name,
            self._data_more,
            theme.GRID,
            label(self.tr("Network"), "section"),
            self.model_name,
            self._model_more,
            spacing=2,
        )
        facts.setContentsMargins(12, 0, 12, theme.GRID)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addSpacing(3 * theme.GRID)
        whole.addLayout(self._rows)
        whole.addStretch(1)
        whole.addLayout(facts)

    def add(self, icon: str, text: str, shortcut: str) -> RailButton:
        """Append a page's row."""
        button = RailButton(icon, text, shortcut)
        self._group.addButton(button, len(self._group.buttons()))
        self._rows.addWidget(button)
        return button

    def choose(self, number: int) -> None:
        """Mark the row of the page that is shown; Tab comes to this one, and the arrow keys go on from it."""
        for row in self._group.buttons():
            row.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._group.button(number).setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._group.button(number).setChecked(True)

    def show_data(self, name: str, more: str) -> None:
        self.data_name.set_whole(name)
        self._data_more.set_whole(more)
        self._data_more.setVisible(bool(more))

    def show_model(self, name: str, more: str) -> None:
        self.model_name.set_whole(name)
        self._model_more.set_whole(more)
        self._model_more.setVisible(bool(more))


class _Mark(QWidget):
    """The program's icon, small."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(24, 24)
        self._icon = icons.application_icon()

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._icon.paint(QPainter(self), self.rect())
