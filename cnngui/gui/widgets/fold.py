"""A part of a page that is folded away until it is asked for."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnngui.gui import theme
from cnngui.gui.widgets.basic import Button


class Fold(QWidget):
    """A quiet button that shows and hides `content`."""

    toggled = Signal(bool)

    def __init__(self, title: str, content: QWidget) -> None:
        super().__init__()
        self.button = Button(title, "chevron-right", "quiet")
        self.button.setCheckable(True)
        self.button.toggled.connect(self._toggle)
        self._content = content
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.GRID)
        whole.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addWidget(content)
        content.hide()

    def _toggle(self, open_: bool) -> None:
        self._content.setVisible(open_)
        self.button.set_icon("chevron-down" if open_ else "chevron-right")
        self.toggled.emit(open_)
