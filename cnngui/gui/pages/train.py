"""Train: one big button, then the curves, then what came of it."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from cnngui.errors import RequestError
from cnngui.gui import text, theme, work
from cnngui.gui.pages.images import choose_folder
from cnngui.gui.pages.page import Header, Page, page_layout
from cnngui.gui.pages.train_run import RunPanel
from cnngui.gui.pages.train_settings import TrainSettings
from cnngui.gui.session import Session
from cnngui.gui.training import Phase
from cnngui.gui.widgets.basic import Button, Card, IconText, column, label, row
from cnngui.gui.widgets.class_strip import ClassStrip
from cnngui.gui.widgets.empty import EmptyState, IconArt
from cnngui.gui.widgets.fold import Fold


class TrainPage(Page):
    key = "train"
    icon = "train"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._stack = QStackedWidget()
        self._empty = self._make_empty()
        self.ready = ReadyPanel(session)
        self.run = RunPanel(session)
        for part in (self._empty, self.ready, self.run):
            self._stack.addWidget(part)
        page_layout(self).addWidget(self._stack)
        session.index_changed.connect(self._show)
        session.training.changed.connect(self._show)
        session.ready_changed.connect(self.run.build)  # now that the engine is there, load the plots as well
        self.run.clock.timeout.connect(self._show_badge)

    @classmethod
    def title(cls) -> str:
        return text.tr("Train")

    def opened(self) -> None:
        self._show_badge()

    def _make_empty(self) -> QWidget:
        self.choose = Button(self.tr("Choose a folder…"), "folder", "primary")
        self.choose.clicked.connect(lambda: choose_folder(self, self.session))
        sample = Button(self.tr("Try the sample"), "shapes")
        sample.clicked.connect(self.session.scanning.start_sample)
        return EmptyState(
            IconArt("train"),
            self.tr("First, pictures to learn from"),
            self.tr("Drop a folder here that holds one folder of pictures for each class."),
            (self.choose, sample),
        )

    def _show(self) -> None:
        training = self.session.training
        if training.phase is not Phase.IDLE:
            self._stack.setCurrentWidget(self.run)
        else:
            self._stack.setCurrentWidget(self.ready if self.session.index else self._empty)
        self._show_badge()

    def _show_badge(self) -> None:
        training = self.session.training
        if training.phase in (Phase.RUNNING, Phase.PREPARING, Phase.STOPPING):
            badge = self.tr("Paused") if training.paused else text.percent(training.share())
        elif training.phase is Phase.FAILED:
            badge = "!"
        else:
            badge = ""
        if training.warnings and not badge.startswith("!"):
            badge = f"! {badge}".strip()
        self.badge_changed.emit(badge)


class ReadyPanel(QWidget):
    """Before a training: what it would learn from, the button, the device, and the settings folded away."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.header = Header(self.tr("Train"))
        self.settings = TrainSettings()
        self.button = Button(self.tr("Train"), "play", "big", tip=self.tr("Start training (Ctrl+T)"))
        self.button.clicked.connect(self.start)
        self.resume = Button(self.tr("Resume"), "resume", "primary")
        self.resume.clicked.connect(lambda: self.start(resume=True))
        self.device = IconText("chip")
        self.problem = IconText("warning", "warn")
        self._interrupted = Card(padding=theme.GAP)
        words = column(
            label(self.tr("A training on this folder was interrupted"), "strong", wrap=True),
            label(self.tr("It can go on where it was; nothing done is lost."), "soft", wrap=True),
            spacing=2,
        )
        line = row()
        line.addLayout(words, 1)
        line.addWidget(self.resume)
        self._interrupted.body.addLayout(line)
        self._what = label("", "title", wrap=True)
        self._more = label("", "soft", wrap=True)
        self._strip = ClassStrip()
        self._recipe = label("", "soft")
        card = Card(padding=4 * theme.GRID, spacing=3 * theme.GRID)
        card.body.addLayout(column(self._what, self._more))
        card.body.addWidget(self._strip)
        card.body.addWidget(self.problem)
        card.body.addLayout(row(self.button, self._recipe, None, spacing=3 * theme.GRID))
        card.body.addWidget(self.device)
        self.fold = Fold(self.tr("Settings: all optional"), self._settings_card())

        inside = QWidget()
        inside.setProperty("ground", "clear")
        column_ = QVBoxLayout(inside)
        column_.setContentsMargins(0, 0, 12, 0)
        column_.setSpacing(theme.GAP)
        for part in (self._interrupted, card, self.fold):
            part.setMaximumWidth(880)
            column_.addWidget(part)
        column_.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setAccessibleName(self.tr("Before the training"))
        self.setLayout(column(self.header, scroll, spacing=3 * theme.GRID))
        self._scroll = scroll
        self.fold.toggled.connect(self._reveal)
        session.index_changed.connect(self._show)
        session.ready_changed.connect(self._cards)
        session.unfinished_changed.connect(self._show)
        self.settings.changed.connect(self._plan)
        self._cards()

    def _settings_card(self) -> QWidget:
        card = Card(padding=4 * theme.GRID)
        card.body.addWidget(self.settings)
        return card

    def _reveal(self, unfolded: bool) -> None:
        """Bring the settings into sight once they have their place."""
        if unfolded:
            QTimer.singleShot(
                0, self, lambda: self._scroll.ensureWidgetVisible(self.settings, 0, 4 * theme.GRID)
            )

    def start(self, resume: bool = False) -> None:
        """Begin to train, if nothing stands in the way."""
        index = self.session.index
        if index and not self.session.training.busy and self.button.isEnabled():
            self.session.training.start(index, self.settings.config(), resume=bool(resume))

    def _show(self) -> None:
        index = self.session.index
        self._interrupted.setVisible(self.session.unfinished)
        if index:
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
        self._plan()

    def _cards(self) -> None:
        if self.session.ready:
            self.settings.show_cards(self.session.ready.cards)
        self._plan()

    def _plan(self) -> None:
        """Say what the training would be, or what stands in its way."""
        index, ready = self.session.index, self.session.ready
        problem, plan = "", None
        if index and len(index.classes) < 2:
            problem = self.tr("One class is not enough to learn a difference. Add a folder with another.")
        elif index and ready:
            try:
                plan = work.plan(index, self.settings.config(), ready)
            except RequestError as refusal:
                problem = str(refusal)
        self.settings.show_plan(plan)
        waiting = self.session.problem or self.tr("Looking for the fastest device…")
        self.device.setText(plan.device if plan else ready.device.sentence if ready else waiting)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.button.setEnabled(not problem)
        self._recipe.setText(self._recipe_words(plan))
        self._recipe.setVisible(bool(plan))

    def _recipe_words(self, plan: work.Plan | None) -> str:
        if not plan:
            return ""
        if plan.epochs is None:
            return self.tr("The network and its settings are chosen from your pictures")
        epochs = text.counted(plan.epochs, self.tr("1 epoch"), self.tr("%n epochs"))
        return self.tr("{0} · {1} · {2} × {2} pixels").format(plan.title, epochs, plan.size)
