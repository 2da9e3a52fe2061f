"""One plain sentence above the page, until it is closed or the next one comes."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from cnngui.gui import icons, theme
from cnngui.gui.widgets.basic import Button, label

Kind = Literal["info", "good", "warn", "bad"]

_LOOK: dict[Kind, tuple[str, str, str]] = {  # icon, its colour, the ground
    "info": ("info", "link", "tint"),
    "good": ("check", "good", "good_tint"),
    "warn": ("warning", "warn", "warn_tint"),
    "bad": ("warning", "bad", "bad_tint"),
}


class MessageBar(QWidget):
    """Hidden until `say`. Screen readers are told when a sentence appears."""

    def __init__(self) -> None:
        super().__init__()
        self._kind: Kind = "info"
        self._act: Callable[[], None] | None = None
        self._text = label(wrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._text.setAccessibleName(self.tr("Message"))
        self._action = Button("", kind="link", name=self.tr("What to do"))
        self._action.clicked.connect(self._do)
        self._action.setFixedHeight(theme.CONTROL)  # in line with the first line, as the cross is
        self.close_button = Button(
            "", "close", "quiet", name=self.tr("Close the message"), tip=self.tr("Close")
        )
        self.close_button.clicked.connect(self.hide)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(52, 6, 8, 6)
        whole.setSpacing(theme.GRID)
        whole.addWidget(self._text, 1)
        whole.addWidget(self._action, 0, Qt.AlignmentFlag.AlignTop)
        whole.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    @property
    def kind(self) -> Kind:
        return self._kind

    def say(
        self, text: str, kind: Kind = "info", action: str = "", act: Callable[[], None] | None = None
    ) -> None:
        """Show a sentence, with an `action` that closes the bar and calls `act` if both are given."""
        self._kind = kind
        self._act = act
        self._text.setText(text)
        self._text.setAccessibleName(text)
        self._action.setText(action)
        self._action.setAccessibleName(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(text)
        self.show()
        self.update()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(0, 48))

    def _do(self) -> None:
        self.hide()
        if self._act:
            self._act()

    def paintEvent(self, _event: QPaintEvent) -> None:
        icon, ink, ground = _LOOK[self._kind]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS_CARD, theme.RADIUS_CARD)
        icons.draw(painter, icon, QRectF(18, 14, 20, 20), ink)
