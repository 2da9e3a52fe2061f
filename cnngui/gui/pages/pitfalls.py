"""Pitfalls: paste code, or ask about the open data set and network; what the rules found, as cards."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QSplitter, QStackedWidget, QWidget

from cnngui.checker.finding import Severity
from cnngui.checker.targets import MODEL_SUFFIXES, SOURCE_SUFFIXES
from cnngui.gui import text, theme
from cnngui.gui.checking import Checking
from cnngui.gui.pages.page import Header, Page, page_layout
from cnngui.gui.session import Session
from cnngui.gui.widgets.basic import (
    Button,
    IconText,
    Lines,
    Paragraph,
    Progress,
    Switch,
    column,
    holder,
    label,
    row,
)
from cnngui.gui.widgets.code_box import CodeBox
from cnngui.gui.widgets.empty import IconArt
from cnngui.gui.widgets.finding_list import INKS, FindingList

PAUSE = 450  # milliseconds without a key before what was typed is checked
_PROBLEMS = (Severity.ERROR, Severity.WARNING)
_NOTES = 3  # places that could not be followed, named at once


class PitfallsPage(Page):
    key = "pitfalls"
    icon = "pitfalls"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.checking = session.checking
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(PAUSE)
        self._typed.timeout.connect(self.check_code)
        self._filling = False
        self.found = FoundPanel(session.checking)
        self.found.list.picked.connect(self._go_to)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setHandleWidth(3 * theme.GRID)
        halves.setChildrenCollapsible(False)
        halves.addWidget(self._make_code())
        halves.addWidget(self.found)
        halves.setSizes([500, 500])
        layout = page_layout(self)
        layout.addWidget(self._make_header())
        layout.addWidget(halves, 1)
        self.checking.changed.connect(self._show)
        self.checking.opened.connect(self._fill)
        self.found.explain.toggled.connect(self._show)
        session.index_changed.connect(self._enable)
        session.model_changed.connect(self._enable)
        self._enable()
        self._show()

    @classmethod
    def title(cls) -> str:
        return text.tr("Pitfalls")

    def opened(self) -> None:
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)  # so that code can be pasted at once

    def check_code(self) -> None:
        """Check what stands in the box now."""
        self._typed.stop()
        self.checking.check_code(self.code.toPlainText())

    def _make_header(self) -> QWidget:
        header = Header(self.title())
        header.below.set_whole(self.tr("Code is read, never run"))
        self.pictures = Button(self.tr("My pictures"), "images", name=self.tr("Check my pictures"))
        self.pictures.clicked.connect(self._check_pictures)
        self.network = Button(self.tr("My network"), "model", name=self.tr("Check my network"))
        self.network.clicked.connect(self._check_network)
        self.script = Button(self.tr("Open a script…"), "notes", "primary")
        self.script.clicked.connect(lambda: choose_script(self, self.checking))
        for button in (self.pictures, self.network, self.script):
            header.buttons.addWidget(button)
        return header

    def _make_code(self) -> QWidget:
        self.code = CodeBox(self.tr("Code to check"), self.tr("Paste PyTorch code here"))
        self.code.textChanged.connect(self._type)
        self.clear = Button(
            "", "clear", "quiet", name=self.tr("Clear the code"), tip=self.tr("Clear the code")
        )
        self.clear.clicked.connect(self._clear)
        bar = row(label(self.tr("Code"), "strong"), None, self.clear)
        whole = column(bar, self.code)
        whole.setContentsMargins(0, 0, 0, 3 * theme.GRID)
        return holder(whole)

    def _enable(self) -> None:
        index, model = self.session.index, self.session.model
        self.pictures.setEnabled(index is not None)
        self.pictures.setToolTip("" if index else self.tr("Open a folder of pictures first"))
        self.network.setEnabled(model is not None)
        self.network.setToolTip("" if model else self.tr("Train or open a network first"))

    def _check_pictures(self) -> None:
        index = self.session.index
        if index:
            card = self.session.card(self.session.training.config.model)
            self.checking.check_folder(index.root, card.spec.size if card else None)

    def _check_network(self) -> None:
        if self.session.model:
            self.checking.open(self.session.model.path)

    def _clear(self) -> None:
        self.code.clear()
        self.check_code()
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def _type(self) -> None:
        if not self._filling:
            self._typed.start()

    def _fill(self, code: str) -> None:
        """Show a script; it is checked by whoever read it."""
        self._typed.stop()
        self._filling = True
        self.code.setPlainText(code)
        self._filling = False

    def _go_to(self, line: int) -> None:
        self.code.go_to(line)

    def _show(self) -> None:
        checking = self.checking
        problems = sum(checking.count(severity) for severity in _PROBLEMS)
        self.badge_changed.emit(text.number(problems) if problems else "")
        self.clear.setEnabled(bool(self.code.toPlainText()))
        if not checking.busy:
            found = checking.findings(self.found.explain.isChecked()) if checking.in_code else ()
            worst_last = sorted(found, key=lambda one: list(Severity).index(one.severity), reverse=True)
            self.code.show_marks({one.where.line: INKS[one.severity] for one in worst_last if one.where.line})


def choose_script(parent: QWidget, checking: Checking) -> None:
    """Ask for a script, a notebook or a model file, and check it."""
    scripts, models = (
        " ".join(f"*{suffix}" for suffix in sorted(suffixes))
        for suffixes in (SOURCE_SUFFIXES, MODEL_SUFFIXES)
    )
    filters = (
        text.tr("Scripts and notebooks ({0})").format(scripts),
        text.tr("Model files ({0})").format(models),
    )
    file, _ = QFileDialog.getOpenFileName(parent, text.tr("Open a script"), "", ";;".join(filters))
    if file:
        checking.open(Path(file))


class FoundPanel(QWidget):
    """What was found, or what to do first, or that all is well."""

    def __init__(self, checking: Checking) -> None:
        super().__init__()
        self.checking = checking
        self.tally = Lines(role="strong")
        self.explain = Switch(self.tr("Explanations"), self.tr("Show explanations"))
        self.explain.toggled.connect(self._show)
        self.list = FindingList()
        self.note = _Note()
        self.unfollowed = IconText("info", "faint")
        self.progress = Progress(self.tr("Progress of the check"))
        self.at = label("", "soft", wrap=True)
        self.stop = Button(self.tr("Stop"), "stop")
        self.stop.clicked.connect(checking.stop)
        line = row(self.at, self.stop)
        line.setStretch(0, 1)
        self._busy = holder(column(self.progress, line))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.note)
        self._stack.addWidget(self.list)
        bar = row(self.tally, self.explain)
        bar.setStretch(0, 1)
        bar.addStrut(theme.CONTROL)  # as high as the bar of the code beside it
        whole = column(bar, self._busy, self.unfollowed, self._stack)
        whole.setStretch(3, 1)
        self.setLayout(whole)
        self.setMinimumWidth(320)
        checking.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        checking = self.checking
        self._show_progress()
        self._show_notes()
        hidden = checking.count(Severity.INFO)
        self.explain.setVisible(hidden > 0)
        found = checking.findings(self.explain.isChecked())
        self.tally.set_whole(self._tally())
        pages = checking.result.pages if checking.result else {}
        self.list.show_findings(found, pages, checking.in_code)
        self._stack.setCurrentWidget(self.list if found else self.note)
        if not found:
            self._say_why_nothing()

    def _tally(self) -> str:
        checking = self.checking
        errors, warnings = checking.count(Severity.ERROR), checking.count(Severity.WARNING)
        parts = []
        if errors:
            parts.append(text.counted(errors, self.tr("1 error"), self.tr("%n errors")))
        if warnings:
            parts.append(text.counted(warnings, self.tr("1 warning"), self.tr("%n warnings")))
        if checking.name:  # last: it may be long
            parts.append(checking.name)
        return " · ".join(parts)

    def _say_why_nothing(self) -> None:
        checking = self.checking
        if checking.result is None:
            if checking.busy:
                self.note.say("pitfalls", self.tr("Checking…"), "")
                return
            self.note.say(
                "pitfalls",
                self.tr("Paste code to begin"),
                self.tr("Or drop a script, a notebook or a model file here. It is checked for mistakes that"
                        " cost accuracy or stop a training."),
            )  # fmt: skip
        elif checking.result.checked.unreadable:
            words = checking.result.checked.unreadable
            self.note.say("info", self.tr("This cannot be checked"), f"{words[:1].upper()}{words[1:]}.")
        else:
            hidden = checking.count(Severity.INFO)
            more = text.counted(
                hidden,
                self.tr("One explanation can be shown above."),
                self.tr("%n explanations can be shown above."),
            )
            partly = bool(checking.notes())
            title = self.tr("Nothing found in what could be read") if partly else self.tr("No pitfalls found")
            self.note.say("info" if partly else "check", title, more if hidden else "")

    def _show_notes(self) -> None:
        checking = self.checking
        notes = checking.notes()
        unread = bool(checking.result and checking.result.checked.unreadable)
        self.unfollowed.setVisible(bool(notes) and not unread)
        lines = [
            self.tr("Line {0}: {1}").format(text.number(note.line), text.shown(note.text))
            for note in notes[:_NOTES]
        ]
        if len(notes) > _NOTES:
            lines.append(self.tr("and {0} more").format(text.number(len(notes) - _NOTES)))
        many = self.tr("%n places could not be followed and may hide more.")
        alone = self.tr("{0}. This may hide more.").format(lines[0].rstrip(".")) if lines else ""
        self.unfollowed.setText(text.counted(len(notes), alone, many) if notes else "")
        self.unfollowed.setToolTip("\n".join(lines))

    def _show_progress(self) -> None:
        checking = self.checking
        self._busy.setVisible(checking.busy and not checking.in_code)
        done, total, what = checking.at or (0, None, "")
        self.progress.setRange(0, total or 0)
        self.progress.setValue(done)
        if total:
            words = self.tr("{0} of {1}").format(text.number(done), text.number(total))
            what = f"{words} · {what}" if what else words
        self.at.setText(what or self.tr("Checking…"))


class _Note(QWidget):
    """An icon, a headline and a sentence in the middle of the panel."""

    def __init__(self) -> None:
        super().__init__()
        self._art = QStackedWidget()
        self._arts = {name: IconArt(name) for name in ("pitfalls", "info", "check")}
        for art in self._arts.values():
            self._art.addWidget(art)
        self._art.setFixedSize(96, 96)
        self.title = Paragraph("", "title", 300)
        self.title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.sentence = Paragraph("", "soft", 300)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        centred = Qt.AlignmentFlag.AlignHCenter
        middle = column(spacing=0)
        middle.addStretch(1)
        middle.addWidget(self._art, 0, centred)
        middle.addSpacing(2 * theme.GRID)
        middle.addWidget(self.title, 0, centred)
        middle.addSpacing(theme.GRID)
        middle.addWidget(self.sentence, 0, centred)
        middle.addStretch(2)
        self.setLayout(middle)

    def say(self, icon: str, title: str, sentence: str) -> None:
        self._art.setCurrentWidget(self._arts[icon])
        self.title.setText(title)
        self.title.updateGeometry()
        self.sentence.setText(sentence)
        self.sentence.updateGeometry()
