"""What this program is, which versions it runs with, and where the pictures go: nowhere."""

import platform

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from cnngui import __version__
from cnngui.gui import icons, text, theme
from cnngui.gui.session import Session
from cnngui.gui.widgets.basic import Button, column, label, row


class About(QDialog):
    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About cnngui"))
        self.setFixedWidth(480)
        mark = label()
        mark.setPixmap(icons.application_icon().pixmap(64, 64))
        device = session.ready.device.sentence if session.ready else session.problem
        facts = (
            (self.tr("Device"), device or self.tr("Looking for the fastest device…")),
            (self.tr("Versions"), versions()),
            (self.tr("Licence"), self.tr("MIT")),
            (
                self.tr("Privacy"),
                self.tr("Everything stays on this computer. Pictures are never sent, changed or moved."),
            ),
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, 3 * theme.GRID)
        whole.setSpacing(3 * theme.GRID)
        name = column(
            None,
            label("cnngui", "title"),
            label(self.tr("Train and run image classifiers on your own pictures"), "soft", wrap=True),
            None,
            spacing=2,
        )
        top = row(mark)
        top.addLayout(name, 1)
        whole.addLayout(top)
        for title, words in facts:
            line = label(words, wrap=True)
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            whole.addLayout(column(label(title, "section"), line, spacing=2))
        close = Button(self.tr("Close"), kind="primary")
        close.clicked.connect(self.accept)
        whole.addLayout(row(None, close))


def versions() -> str:
    """cnngui's version and those of what it stands on; asks no library to load."""
    from importlib import metadata  # only for this page, and not quick to load

    known = [f"cnngui {__version__}", f"Python {platform.python_version()}", f"Qt {qVersion()}"]
    for name, shown in (("torch", "PyTorch"), ("torchvision", "torchvision"), ("pillow", "Pillow")):
        try:
            known.append(f"{shown} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            known.append(text.tr("{0} is missing").format(shown))
    return " · ".join(known)
