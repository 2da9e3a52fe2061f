"""What every page of the window is."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cnngui.gui import theme
from cnngui.gui.session import Session
from cnngui.gui.widgets.basic import ElidedLabel, column, row


class Page(QWidget):
    """A page is one subclass and its row in PAGES: the rail, the shortcut and the stack follow from that."""

    key = ""  # what Session.wanted names
    icon = ""  # a file in resources/icons
    badge_changed = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setProperty("ground", "page")

    @classmethod
    def title(cls) -> str:
        """The page's name, translated."""
        raise NotImplementedError

    def opened(self) -> None:
        """Called whenever the page comes to be seen."""


class Header(QWidget):
    """The top of a page: its title with buttons on the right, and a line as wide as the page below."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = ElidedLabel(title, "display", middle=False)
        self.below = ElidedLabel(role="soft", natural=True)
        self._line = row(self.below, spacing=theme.HALF)
        self._line.addStretch()
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(theme.GRID)
        top = row(self.title)
        top.setStretch(0, 1)
        top.addLayout(self.buttons)
        self.setLayout(column(top, self._line, spacing=2))

    def put_beside(self, widget: QWidget) -> None:
        """Put something after the line below the title."""
        self._line.insertWidget(1, widget)

    def say(self, title: str, below: str) -> None:
        self.title.set_whole(title)
        self.below.set_whole(below)


def page_layout(page: QWidget) -> QVBoxLayout:
    """A page's column with its margins; what scrolls may run to the lower edge."""
    layout = QVBoxLayout(page)
    layout.setContentsMargins(theme.MARGIN, 3 * theme.GRID, theme.MARGIN, 0)
    layout.setSpacing(3 * theme.GRID)
    return layout
