"""Train: one big button, then the curves, then what came of it."""

from PySide6.QtWidgets import QStackedWidget, QWidget

from cnngui.gui import text
from cnngui.gui.pages.images import choose_folder
from cnngui.gui.pages.page import Page, page_layout
from cnngui.gui.pages.train_ready import ReadyPanel
from cnngui.gui.pages.train_run import RunPanel
from cnngui.gui.session import Session
from cnngui.gui.training import Phase
from cnngui.gui.widgets.basic import Button
from cnngui.gui.widgets.empty import EmptyState, IconArt


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
