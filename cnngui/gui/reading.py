"""A text file to read and to copy: a crash report, the licences."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from cnngui.gui import text, theme
from cnngui.gui.widgets.basic import Button, label, row
from cnngui.gui.widgets.code_box import CodeBox


class Reading(QDialog):
    """`words` say what `file` is; below them is its text as it stands."""

    def __init__(self, title: str, words: str, file: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(720, 480)
        self.box = CodeBox(title, "")
        self.box.setReadOnly(True)
        self.box.setPlainText(_read(file))
        self.copy = Button(self.tr("Copy the text"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.box.toPlainText()))
        close = Button(self.tr("Close"), kind="primary")
        close.clicked.connect(self.accept)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, 3 * theme.GRID)
        whole.setSpacing(2 * theme.GRID)
        whole.addWidget(label(words, wrap=True))
        whole.addWidget(self.box, 1)
        whole.addLayout(row(self.copy, None, close))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError as problem:
        return text.tr("“{0}” cannot be read: {1}.").format(text.shown(file), problem.strerror)
