"""Classify: pictures in, answers out: as one large answer, as cards, as a table, as a CSV file."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from cnngui.errors import RequestError
from cnngui.gui import csv_file, text, theme, work
from cnngui.gui.pages.answer_panel import AnswerPanel
from cnngui.gui.pages.page import Header, Page, page_layout
from cnngui.gui.session import Session
from cnngui.gui.widgets.answer_cards import AnswerCards
from cnngui.gui.widgets.answer_table import AnswerTable
from cnngui.gui.widgets.answers import AnswersModel
from cnngui.gui.widgets.basic import Button, Lines, Progress, Switch, column, holder, label, row
from cnngui.gui.widgets.empty import EmptyState, IconArt
from cnngui.gui.widgets.segmented import Segmented
from cnngui.gui.widgets.thumbnails import Thumbnails

MANY = 60  # above this many pictures the table is shown, unless the person chose


class ClassifyPage(Page):
    key = "classify"
    icon = "classify"
    paste_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._stack = QStackedWidget()
        self._no_model = self._make_no_model()
        self.empty = self._make_empty()
        self.answers = AnswersPanel(session)
        for part in (self._no_model, self.empty, self.answers):
            self._stack.addWidget(part)
        page_layout(self).addWidget(self._stack)
        for signal in (session.model_changed, session.classifying.changed, session.classifying.cleared):
            signal.connect(self._show)
        session.classifying.grew.connect(self._grew)
        self._show()

    @classmethod
    def title(cls) -> str:
        return text.tr("Classify")

    def opened(self) -> None:
        self.badge_changed.emit("")

    def _make_no_model(self) -> QWidget:
        self.open_model = Button(self.tr("Open a network…"), "model", "primary")
        self.open_model.clicked.connect(lambda: choose_model(self, self.session))
        self.train_one = Button(self.tr("Train one"), "train")
        self.train_one.clicked.connect(lambda: self.session.wanted.emit("train"))
        return EmptyState(
            IconArt("model"),
            self.tr("First, a network to answer"),
            self.tr("Train one on your own pictures, or drop a model file (.safetensors) here."),
            (self.open_model, self.train_one),
        )

    def _make_empty(self) -> EmptyState:
        self.open_pictures = Button(self.tr("Open pictures…"), "picture", "primary")
        self.open_pictures.clicked.connect(lambda: choose_pictures(self, self.session))
        paste = Button(self.tr("Paste"), "paste", tip=self.tr("Paste a picture or files (Ctrl+V)"))
        paste.clicked.connect(self.paste_wanted)
        other = Button(self.tr("Another network…"), "model")
        other.clicked.connect(lambda: choose_model(self, self.session))
        return EmptyState(
            IconArt("classify"),
            self.tr("Drop pictures here"),
            "",
            (self.open_pictures, paste, other),
            self.tr("Your pictures stay on this computer and are never changed."),
        )

    def _show(self) -> None:
        model = self.session.model
        if not model:
            self._stack.setCurrentWidget(self._no_model)
            return
        classes = text.some(model.header.classes, most=10)
        self.empty.sentence.setText(self.tr("This network knows {0}.").format(classes))
        self._stack.setCurrentWidget(self.answers if self.session.classifying.total else self.empty)

    def _grew(self) -> None:
        if not self.isVisible():
            self.badge_changed.emit(text.number(self.session.classifying.tally().answered))


def choose_pictures(parent: QWidget, session: Session) -> None:
    """Ask for pictures and classify them."""
    endings = " ".join(f"*{suffix}" for suffix in sorted(work.suffixes()))
    files, _ = QFileDialog.getOpenFileNames(
        parent, text.tr("Open pictures"), "", text.tr("Pictures ({0})").format(endings)
    )
    if files:
        session.classify([Path(file) for file in files])


def choose_model(parent: QWidget, session: Session) -> None:
    """Ask for a model file and open it."""
    file, _ = QFileDialog.getOpenFileName(
        parent, text.tr("Open a network"), "", text.tr("Model file (*.safetensors)")
    )
    if file:
        session.open_model(Path(file))


class AnswersPanel(QWidget):
    """The answers and what can be done with them."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.classifying = session.classifying
        self._chose_view = False
        self.header = Header(self.tr("Classify"))
        open_ = Button(self.tr("Open pictures…"), "picture")
        open_.clicked.connect(lambda: choose_pictures(self, session))
        self.change = Button(self.tr("Change…"), kind="link", tip=self.tr("Answer with another network"))
        self.change.setAccessibleName(self.tr("Answer with another network…"))
        self.change.clicked.connect(lambda: choose_model(self, session))
        self.header.put_beside(self.change)
        self.save = Button(self.tr("Save CSV…"), "save", tip=self.tr("Save the answers for a spreadsheet"))
        self.save.clicked.connect(self._save)
        for button in (self.save, open_):
            self.header.buttons.addWidget(button)
        self.tally = Lines(role="strong")
        self.frames = Switch(self.tr("What the network sees"))
        self.frames.setChecked(True)
        self.frames.toggled.connect(self._frame)
        self.views = Segmented(self.tr("View"), ("cards", self.tr("Cards")), ("table", self.tr("Table")))
        self.views.chosen.connect(self._choose_view)
        self.clear = Button("", "clear", "quiet", name=self.tr("Clear all"), tip=self.tr("Clear all answers"))
        self.clear.clicked.connect(self._clear)
        self.back = Button(self.tr("All answers"), "chevron-left", "quiet", tip=self.tr("Back (Escape)"))
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._back)
        self.back.clicked.connect(self._back)
        self._make_views()
        bar = row(self.back, self.tally, self.frames, self.views, self.clear, spacing=theme.GRID)
        bar.setStretch(1, 1)
        whole = column(self.header, bar, self._busy, self._stack, spacing=theme.GAP)
        whole.setStretch(3, 1)
        self.setLayout(whole)
        self._sought: int | None = None  # the answer that is brought into sight once it is there
        self.classifying.asked.connect(self._seek)
        self.classifying.grew.connect(self._show)
        self.classifying.grew.connect(self._find)
        self.classifying.changed.connect(self._show)
        self.classifying.cleared.connect(self._cleared)
        session.model_changed.connect(self._show_model)

    def _make_views(self) -> None:
        self.model = AnswersModel(self.classifying, self)
        self.thumbnails = Thumbnails()
        self.one = AnswerPanel()
        self.cards = AnswerCards(self.model, self.thumbnails)
        self.table = AnswerTable(self.model, self.thumbnails)
        self.cards.opened.connect(self.open_row)
        self.table.opened.connect(self.open_row)
        self._stack = QStackedWidget()
        below = 3 * theme.GRID  # the cards alone run to the window's lower edge
        self.one.setContentsMargins(0, 0, 0, below)
        self._framed = holder(column(self.table))
        self._framed.setContentsMargins(0, 0, 0, below)
        for view in (self.one, self.cards, self._framed):
            self._stack.addWidget(view)
        self._opened: int | None = None
        self.progress = Progress(self.tr("Progress of the classification"))
        self._left = label("", "soft")
        self.stop = Button(self.tr("Stop"), "stop")
        self.stop.clicked.connect(self.classifying.stop)
        line = row(self.progress, self._left, self.stop)
        line.setStretch(0, 1)
        self._busy = holder(line)
        self._busy.hide()

    def open_row(self, number: int) -> None:
        """Show one answer large."""
        self._opened = number
        self._show()

    def _back(self) -> None:
        self._opened = None
        self._show()

    def _seek(self, number: int) -> None:
        """Let the answer be seen that was just asked for, be it old or still to come."""
        self._sought, self._opened = number, None
        self._show()
        self._find()

    def _find(self) -> None:
        if self._sought is not None and self._sought < len(self.classifying.rows):
            place = self.model.index(self.model.row(self._sought), 0)
            for view in (self.cards, self.table):
                view.scrollTo(place)
                if self._sought:  # what stands first needs no mark
                    view.setCurrentIndex(place)
            self._sought = None

    def _choose_view(self, _number: int) -> None:
        self._chose_view = True
        self._opened = None
        self._show()

    def _show(self) -> None:
        tally = self.classifying.tally()
        parts = [text.pictures(tally.answered)]
        if tally.unsure:
            parts.append(self.tr("{0} not sure").format(text.number(tally.unsure)))
        if tally.unreadable:
            parts.append(self.tr("{0} not readable").format(text.number(tally.unreadable)))
        self.tally.set_whole(" · ".join(parts))
        self._show_progress()
        self._show_view()

    def _show_view(self) -> None:
        rows = self.classifying.rows
        alone = len(rows) == 1 and self.classifying.total == 1
        if not self._chose_view and self.classifying.total > MANY:
            self.views.choose(1)  # comes back here
            self._chose_view = False
        large = alone or (self._opened is not None and self._opened < len(rows))
        if large:
            answer = self.model.answer(self._opened or 0)
            header = self.session.model.header if self.session.model else None
            self.one.show_answer(answer, header.unsure_below if header else 0.0)
        self._stack.setCurrentWidget(
            self.one if large else (self._framed if self.views.number() else self.cards)
        )
        self.back.setVisible(large and not alone)
        if large and not alone:
            place = text.number((self._opened or 0) + 1)
            self.tally.set_whole(self.tr("{0} of {1}").format(place, text.number(len(rows))))
        self.views.setVisible(not large)
        self.frames.setVisible(large or not self.views.number())
        self.save.setEnabled(bool(rows))

    def _show_progress(self) -> None:
        classifying = self.classifying
        waiting = classifying.total - len(classifying.rows)
        self._busy.setVisible(classifying.busy and (classifying.total > 1 or not classifying.rows))
        self.progress.setRange(0, classifying.total if classifying.rows else 0)
        self.progress.setValue(len(classifying.rows))
        if not classifying.rows:
            self._left.setText(self.tr("Loading the network…"))
        else:
            seconds = classifying.remaining()
            left = text.remaining(seconds) if seconds is not None else ""
            self._left.setText(left or self.tr("{0} to go").format(text.number(waiting)))

    def _show_model(self) -> None:
        model = self.session.model
        if not model:
            return
        known = text.classes(len(model.header.classes))
        self.header.below.set_whole(self.tr("Answered by {0} · {1}").format(model_name(model), known))
        self._frame()

    def _frame(self) -> None:
        spec = self.session.model.header.spec if self.session.model else None
        self.cards.show_frames(self.frames.isChecked(), spec)
        self.one.show_frame(self.frames.isChecked(), spec)

    def _cleared(self) -> None:
        self._opened = None
        self.thumbnails.forget()
        self.one.forget()

    def _clear(self) -> None:
        self._chose_view = False
        self.views.choose(0)
        self._chose_view = False
        self.classifying.clear()

    def _save(self) -> None:
        target, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Save the answers"),
            str(Path.home() / self.tr("answers.csv")),
            self.tr("Table (*.csv)"),
        )
        if target:
            self.save_csv(Path(target))

    def save_csv(self, path: Path) -> None:
        """Write all answers, in the order of the table."""
        path = path if path.suffix else path.with_suffix(".csv")
        try:
            csv_file.write(path, (self.model.answer(number) for number in range(self.model.rowCount())))
        except RequestError as problem:
            self.session.say(str(problem), "bad")
        else:
            self.session.say(self.tr("The answers were saved as “{0}”.").format(text.shown(path)), "good")


def model_name(model: work.OpenedModel) -> str:
    """What the window calls an open network."""
    if model.origin == "starter":
        return text.tr("the starter network")
    if model.origin == "trained":
        return text.tr("your new network")
    return text.shown(model.path.stem)
