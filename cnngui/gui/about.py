"""What this program is, which versions it runs with, and where the pictures go: nowhere."""

import platform

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from cnngui import __version__, resources
from cnngui.gui import icons, text, theme
from cnngui.gui.reading import Reading
from cnngui.gui.session import Session
from cnngui.gui.widgets.basic import Button, column, label, row

# Written by installer/build.py into the frozen program, which alone contains what others made.
_LICENCES = resources.path("licences", "LIST.txt")


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
            (
                self.tr("Licence"),
                self.tr(
                    "MIT. It stands on PyTorch (BSD), Qt and PySide6 (LGPL), Pillow (MIT-CMU) and others."
                ),
            ),
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
        self.licences = Button(self.tr("All licences"))
        self.licences.setVisible(_LICENCES.exists())
        self.licences.clicked.connect(self._show_licences)
        whole.addLayout(row(self.licences, None, close))

    def _show_licences(self) -> None:
        where = self.tr("What this program contains. The texts are in “{0}”.").format(_LICENCES.parent)
        Reading(self.tr("Licences"), where, _LICENCES, self).open()


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
