"""Before a training: what it would learn from, one button, and every choice folded away."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QInputDialog, QScrollArea, QVBoxLayout, QWidget

from cnngui.engine.spec import UNASKED, TrainConfig
from cnngui.errors import RequestError
from cnngui.gui import planning, text, theme
from cnngui.gui.pages.page import Header
from cnngui.gui.pages.train_settings import TrainOptions, TrainSettings
from cnngui.gui.session import Session
from cnngui.gui.widgets.basic import Button, Card, IconText, column, holder, label, row, scrolling
from cnngui.gui.widgets.class_strip import ClassStrip
from cnngui.gui.widgets.fields import Form
from cnngui.gui.widgets.fold import Fold

_WIDEST = 880
_MOST_EPOCHS = 10_000


def train_longer(parent: QWidget, session: Session) -> None:
    """Ask for how many epochs more the last finished training shall go on, and let it."""
    epochs, wanted = QInputDialog.getInt(
        parent,
        text.tr("Train longer"),
        text.tr("The network goes on from where it ended. For how many epochs more?"),
        max(1, len(session.training.epochs) // 2 or 5),
        1,
        _MOST_EPOCHS,
    )
    training = session.training
    if wanted and session.index and not training.busy:
        config = training.config if training.index else UNASKED  # before the first training nothing was asked
        training.start(session.index, config, longer=epochs)


class ReadyPanel(QWidget):
    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._shown_for: Path | None = None  # the folder that the choices are for
        self._recall = False  # whether what was chosen there the last time is still to be shown
        self.header = Header(self.tr("Train"))
        self.settings = TrainSettings()
        self.options = TrainOptions()
        self.forms: tuple[Form, ...] = (self.settings, self.options)
        self.fold = Fold(self.tr("Settings: all optional"), _in_a_card(self.settings))
        self.more = Fold(self.tr("More options: the parts of the recipe"), _in_a_card(self.options))
        self._scroll = self._lay_out()
        for fold in (self.fold, self.more):
            fold.toggled.connect(lambda unfolded, fold=fold: self._reveal(unfolded, fold))
        for form in self.forms:
            form.changed.connect(self._plan)
        session.index_changed.connect(self._show)
        session.ready_changed.connect(self._cards)
        session.earlier_changed.connect(self._show_earlier)
        self._show_earlier()
        self._cards()

    def _lay_out(self) -> QScrollArea:
        inside = QWidget()
        inside.setProperty("ground", "clear")
        parts = QVBoxLayout(inside)
        parts.setContentsMargins(0, 0, 12, 3 * theme.GRID)
        parts.setSpacing(theme.GAP)
        for part in (self._make_interrupted(), self._make_card(), self.fold, self.more):
            part.setMaximumWidth(_WIDEST)
            parts.addWidget(part)
        parts.addStretch(1)
        scroll = scrolling(inside, self.tr("Before the training"))
        self.setLayout(column(self.header, scroll, spacing=3 * theme.GRID))
        return scroll

    def _make_interrupted(self) -> QWidget:
        self.resume = Button(self.tr("Resume"), "resume", "primary")
        self.resume.clicked.connect(lambda: self.start(resume=True))
        self._interrupted = Card(padding=theme.GAP)
        words = column(
            label(self.tr("A training on this folder was interrupted"), "strong", wrap=True),
            label(
                self.tr("It goes on from where it was last saved, or else begins again as it was asked for."),
                "soft",
                wrap=True,
            ),
            spacing=2,
        )
        line = row()
        line.addLayout(words, 1)
        line.addWidget(self.resume)
        self._interrupted.body.addLayout(line)
        return self._interrupted

    def _make_card(self) -> QWidget:
        self.button = Button(self.tr("Train"), "play", "big", tip=self.tr("Start training (Ctrl+T)"))
        self.button.clicked.connect(lambda: self.start())
        self.longer = Button(self.tr("Train the last one longer…"), kind="link")
        self.longer.clicked.connect(lambda: train_longer(self, self.session))
        self.device = IconText("chip")
        self.problem = IconText("warning", "warn")
        self._what = label("", "title", wrap=True)
        self._more = label("", "soft", wrap=True)
        self._strip = ClassStrip()
        self._recipe = label("", "soft", wrap=True)
        self.changes = label("", "soft", wrap=True)
        self.reset = Button(self.tr("Back to the defaults"), kind="link")
        self.reset.clicked.connect(self._reset)
        line = row(self.changes, self.reset)
        line.setStretch(0, 1)
        line.setAlignment(self.reset, Qt.AlignmentFlag.AlignTop)
        self._changed = holder(line)
        start = row(self.button, self._recipe, self.longer, spacing=3 * theme.GRID)
        start.setStretch(1, 1)
        card = Card(padding=4 * theme.GRID, spacing=3 * theme.GRID)
        card.body.addLayout(column(self._what, self._more))
        card.body.addWidget(self._strip)
        card.body.addWidget(self.problem)
        card.body.addLayout(start)
        card.body.addWidget(self._changed)
        card.body.addWidget(self.device)
        return card

    def _reveal(self, unfolded: bool, fold: Fold) -> None:
        """Bring what was unfolded into sight, from its beginning on, once it has its place."""
        if unfolded:
            QTimer.singleShot(0, self, lambda: self._scroll.verticalScrollBar().setValue(fold.y()))

    def config(self) -> TrainConfig:
        """What is asked for; what makes no difference is left alone."""
        values = {name: value for form in self.forms for name, value in form.values().items()}
        return TrainConfig(**values)  # type: ignore[arg-type]

    def start(self, resume: bool = False) -> None:
        """Begin to train, if nothing stands in the way."""
        index, plan = self.session.index, self._plan()
        if index and not self.session.training.busy and self.button.isEnabled():
            config = planning.without(self.config(), plan.idle) if plan else self.config()
            self.session.training.start(index, config, resume=resume)

    def _reset(self) -> None:
        for form in self.forms:
            form.show_values({})

    def _show(self) -> None:
        index = self.session.index
        if index:
            if index.root != self._shown_for:
                self._shown_for, self._recall = index.root, True
                self._reset()  # what was chosen for another folder says nothing about this one
            name = text.shown(index.root.name or index.root)
            self.header.below.set_whole(text.shown(index.root))
            self._what.setText(self.tr("Train a network on “{0}”").format(name))
            self._more.setText(
                self.tr("{0} in {1}: {2}.").format(
                    text.pictures(len(index.records)),
                    text.classes(len(index.classes)),
                    text.some(index.classes),
                )
            )
            self._strip.show_index(index)
        self._show_earlier()
        self._plan()

    def _show_earlier(self) -> None:
        """Offer to go on with what there is, and show what was chosen here the last time."""
        earlier = self.session.earlier
        self._interrupted.setVisible(bool(earlier and earlier.unfinished))
        self.longer.setVisible(bool(earlier and earlier.finished and not earlier.unfinished))
        if earlier and self._recall:
            self._recall = False
            if earlier.choices:
                for form in self.forms:
                    form.show_values(earlier.choices)

    def _cards(self) -> None:
        if self.session.ready:
            self.settings.show_cards(self.session.ready.cards)
        self._plan()

    def _plan(self) -> planning.Plan | None:
        """Say what the training would be, or what stands in its way."""
        index, ready = self.session.index, self.session.ready
        problem, plan = "", None
        if index and len(index.classes) < 2:
            problem = self.tr("One class is not enough to learn a difference. Add a folder with another.")
        elif index and ready:
            try:
                plan = planning.plan(index, self.config(), ready)
            except RequestError as refusal:
                problem = str(refusal)
        idle = plan.idle if plan else frozenset()
        self.settings.show_plan(plan)
        self.options.show_plan(plan)
        for form in self.forms:
            form.leave_out(idle)
        self.more.setVisible(bool(self.options.shown()))
        self._show_changes(idle)
        waiting = self.session.problem or self.tr("Looking for the fastest device…")
        self.device.setText(plan.device if plan else ready.device.sentence if ready else waiting)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.button.setEnabled(not problem)
        self._recipe.setText(self._recipe_words(plan))
        return plan

    def _show_changes(self, idle: frozenset[str]) -> None:
        """What is not at its default, to be seen while it is folded away, and the way back."""
        changed = [
            words for form in self.forms for name, words in form.differing().items() if name not in idle
        ]
        self.changes.setText(self.tr("Changed: {0}").format(" · ".join(changed)))
        self._changed.setVisible(bool(changed))

    def _recipe_words(self, plan: planning.Plan | None) -> str:
        if not plan:
            return ""
        if plan.epochs is None:
            return self.tr("The network and its settings are chosen from your pictures")
        epochs = text.counted(plan.epochs, self.tr("1 epoch"), self.tr("%n epochs"))
        return self.tr("{0} · {1} · {2} × {2} pixels").format(plan.title, epochs, plan.size)


def _in_a_card(form: Form) -> QWidget:
    card = Card(padding=4 * theme.GRID)
    card.body.addWidget(form)
    return card
