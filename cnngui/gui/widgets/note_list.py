"""What a training has to say besides its numbers: how it was set up, and what changed on the way."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from cnngui.gui import text, theme
from cnngui.gui.widgets.basic import Button, IconText, column

AT_ONCE = 2  # that are seen without asking for the rest


class NoteList(QWidget):
    """The newest sentence first; of more than a few the rest on request. Hidden while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._lines = column(spacing=theme.HALF)
        self.more = Button(self.tr("More notes"), "chevron-right", "quiet")
        self.more.setCheckable(True)
        self.more.toggled.connect(self._fold)
        whole = column(self._lines, self.more, spacing=theme.HALF)
        whole.setAlignment(self.more, Qt.AlignmentFlag.AlignLeft)
        self.setLayout(whole)
        self.lines: list[IconText] = []
        self.hide()

    def show_notes(self, notices: Sequence[str], notes: Sequence[str]) -> None:
        """`notices`: what changed on the way, marked as such; `notes`: how the training was set up."""
        if (tuple(notices), tuple(notes)) == self._shown:
            return
        self._shown = (tuple(notices), tuple(notes))
        for line in self.lines:
            self._lines.removeWidget(line)
            line.deleteLater()
        self.lines = [IconText("warning", "warn", text.shown(words)) for words in reversed(notices)]
        self.lines += [IconText("info", "soft", text.shown(words)) for words in reversed(notes)]
        for line in self.lines:
            line.setAccessibleName(line.text())
            self._lines.addWidget(line)
        self.setVisible(bool(self.lines))
        self._fold()

    def _fold(self) -> None:
        rest = len(self.lines) - AT_ONCE
        unfolded = self.more.isChecked()
        for place, line in enumerate(self.lines):
            line.setVisible(unfolded or place < AT_ONCE)
        self.more.setVisible(rest > 0)
        words = text.counted(rest, self.tr("1 more note"), self.tr("%n more notes"))
        self.more.setText(self.tr("Fewer notes") if unfolded else words)
        self.more.setAccessibleName(self.more.text())
        self.more.set_icon("chevron-down" if unfolded else "chevron-right")
