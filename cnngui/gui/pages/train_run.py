"""A training under way and its end: progress and curves."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from cnngui.checker.finding import Severity
from cnngui.engine.events import Download
from cnngui.files import megabytes
from cnngui.gui import text, theme
from cnngui.gui.pages.page import Header
from cnngui.gui.pages.train_end import EndCard
from cnngui.gui.session import Session
from cnngui.gui.training import Phase, Training
from cnngui.gui.widgets.basic import (
    Button,
    Card,
    Progress,
    column,
    holder,
    label,
    row,
    scrolling,
)
from cnngui.gui.widgets.finding_list import FindingList
from cnngui.gui.widgets.live_plot import LivePlot
from cnngui.gui.widgets.note_list import NoteList

PLOT_WIDTH = 360  # pixels that a plot's legend needs
FRAME = 66  # milliseconds between two drawings: 15 a second


class RunPanel(QWidget):
    """Draws the training by a timer, from what has arrived."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.training = session.training
        self.header = Header(self.tr("Train"))
        self.progress = ProgressCard(self.training)
        self.end = EndCard(session)
        self.end.hide()
        self.notes = NoteList()
        self.loss = LivePlot(self.tr("Loss"), self.tr("Cross-entropy"))
        self.accuracy = LivePlot(self.tr("Accuracy"), self.tr("Pictures right, %"), per_cent=True)
        self._curves = row(self.loss, self.accuracy)
        self._plots = holder(self._curves)
        self._plots.setMinimumWidth(PLOT_WIDTH)
        self.found = FindingList()
        self.found.setAccessibleName(self.tr("Pitfalls of this training"))
        halves = row(self._plots, self.found, spacing=3 * theme.GRID)
        halves.setStretch(0, 1)
        halves.setStretch(1, 1)
        self._body = holder(halves)
        parts = column(self.progress, self.end, self.notes, spacing=3 * theme.GRID)
        parts.addWidget(self._body, 1)
        parts.addStretch()  # where the plots are hidden
        parts.setContentsMargins(0, 0, 0, 3 * theme.GRID)
        scroll = scrolling(holder(parts), self.tr("The training"))
        self.setLayout(column(self.header, scroll, spacing=3 * theme.GRID))
        self._drawn = -1
        self.clock = QTimer(self)
        self.clock.setInterval(FRAME)
        self.clock.timeout.connect(self._tick)
        self.training.changed.connect(self._show)

    def build(self) -> None:
        """Load the plots."""
        self.loss.build()
        self.accuracy.build()

    def _show(self) -> None:
        training = self.training
        if training.phase is Phase.IDLE:
            self.clock.stop()
            return
        self.build()
        if training.index:
            name = text.shown(training.index.root.name or training.index.root)
            self.header.below.set_whole(
                self.tr("{0} · {1}").format(name, text.pictures(len(training.index.records)))
            )
        over = training.phase in (Phase.ENDED, Phase.FAILED)
        if over:
            self.clock.stop()
            self.end.show_end()
        elif not self.clock.isActive():
            self.clock.start()
        self._plots.setVisible(bool(training.started) or not over)
        self._show_found()
        self.notes.show_notes(training.notices, training.notes())
        held = self.window().focusWidget()
        self.end.setVisible(over)
        self.progress.setVisible(not over)
        # Qt would give it to whatever comes next when what holds it goes.
        if over and self.progress.isAncestorOf(held):
            self.end.take_focus()
        elif not over and self.end.isAncestorOf(held):
            self.progress.pause.setFocus()
        self._tick()

    def _show_found(self) -> None:
        """What the run rules found, beside the curves."""
        warnings = self.training.warnings
        self.found.setVisible(bool(warnings))
        self._body.setVisible(bool(warnings) or not self._plots.isHidden())
        worst_first = sorted(
            (one.finding for one in warnings), key=lambda one: one.severity != Severity.ERROR
        )
        self.found.show_findings(worst_first, {one.finding.rule: one.page for one in warnings}, jumps=False)
        self._arrange()

    def _arrange(self) -> None:
        """The curves side by side where there is room for both, otherwise one above the other."""
        beside = 2 * PLOT_WIDTH + theme.GAP + 2 * theme.GRID  # the gap between them, and a scroll bar
        down = bool(self.training.warnings) or self.width() < beside
        across = QBoxLayout.Direction.LeftToRight
        self._curves.setDirection(QBoxLayout.Direction.TopToBottom if down else across)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _tick(self) -> None:
        self.progress.show_progress()
        if self.training.counter != self._drawn:
            self._drawn = self.training.counter
            self._draw()

    def _draw(self) -> None:
        training = self.training
        epochs = [epoch.epoch for epoch in training.epochs]
        total = training.started.epochs if training.started else 10
        done = training.share() * total
        best = next((n for n in range(len(epochs) - 1, -1, -1) if training.epochs[n].best), None)
        val = [(e.epoch, e.val_loss, e.val_accuracy) for e in training.epochs if e.val_accuracy is not None]
        if len(val) != len(epochs):
            best = None
        self.loss.draw(
            done,
            total,
            (training.steps.x, training.steps.y),
            (epochs, [e.train_loss for e in training.epochs]),
            ([e for e, _, _ in val], [loss for _, loss, _ in val if loss is not None]),
            best,
        )
        self.accuracy.draw(
            done,
            total,
            ([], []),
            (epochs, [100 * e.train_accuracy for e in training.epochs]),
            ([e for e, _, _ in val], [100 * share for _, _, share in val if share is not None]),
            best,
        )


class ProgressCard(Card):
    """Where the training is, how long it will take, and the buttons to pause and stop it."""

    def __init__(self, training: Training) -> None:
        super().__init__(padding=3 * theme.GRID, spacing=theme.GAP)
        self._training = training
        self.title = label("", "title")
        self.left = label("", "soft")
        self.left.setFont(theme.font(figures=True))
        self.bar = Progress(self.tr("Progress of the training"))
        self.bar.setRange(0, 1000)
        self.facts = label("", "soft", wrap=True)
        self.facts.setFont(theme.font(figures=True))
        self.device = label("", "caption", wrap=True)
        self.pause = Button(self.tr("Pause"), "pause", tip=self.tr("Pause or go on (Ctrl+P)"))
        self.pause.clicked.connect(training.toggle_pause)
        self.stop = Button(self.tr("Stop"), "stop", tip=self.tr("Stop and keep the best network so far"))
        self.stop.clicked.connect(training.stop)
        self.body.addLayout(row(self.title, None, self.left))
        self.body.addWidget(self.bar)
        bottom = row(spacing=theme.GRID)
        bottom.addLayout(column(self.facts, self.device, spacing=2), 1)
        bottom.addWidget(self.pause)
        bottom.addWidget(self.stop)
        self.body.addLayout(bottom)
        training.changed.connect(self._show_buttons)

    def show_progress(self) -> None:
        """Show the numbers of this moment."""
        training = self._training
        started, step = training.started, training.step
        self.bar.setRange(0, 1000)
        if training.phase is Phase.STOPPING:
            self.title.setText(self.tr("Stopping and saving…"))
            self.left.setText("")
        elif not started:
            self._show_preparing()
            return
        else:
            now = step.epoch if step else started.first_epoch
            words = self.tr("Paused in epoch {0} of {1}") if training.paused else self.tr("Epoch {0} of {1}")
            self.title.setText(words.format(now, started.epochs))
            self.left.setText(text.remaining(step.eta_seconds) if step and not training.paused else "")
        self.bar.setValue(round(1000 * training.share()))
        if started:
            self.device.setText(started.device)
            self.facts.setText(self._facts())

    def _facts(self) -> str:
        training, facts = self._training, []
        if training.step and not training.paused:
            speed = round(training.step.images_per_second)
            facts.append(text.counted(speed, self.tr("1 picture a second"), self.tr("%n pictures a second")))
        if training.started:
            facts.append(
                self.tr("{0} to learn from, {1} to measure with").format(
                    text.number(training.started.train_images), text.number(training.started.val_images)
                )
            )
        return " · ".join(facts)

    def _show_preparing(self) -> None:
        decoding = self._training.decoding
        paused = self._training.paused
        self.title.setText(self.tr("Paused") if paused else self.tr("Reading the pictures"))
        self.left.setText("")
        self.device.setText("")
        if not decoding and self._training.download:
            self._show_download(self._training.download)
            return
        if not decoding or not decoding.total:
            self.bar.setRange(0, 0)
            self.facts.setText(self.tr("Getting ready…"))
            return
        self.bar.setRange(0, decoding.total)
        self.bar.setValue(decoding.done)
        of = self.tr("{0} of {1}").format(text.number(decoding.done), text.pictures(decoding.total))
        self.facts.setText(of)
        if decoding.done:
            rest = decoding.seconds / decoding.done * (decoding.total - decoding.done)
            self.left.setText("" if paused else text.remaining(rest))

    def _show_download(self, download: Download) -> None:
        if not self._training.paused:
            self.title.setText(self.tr("Downloading what the network has learnt before"))
        total = download.total or 0
        self.bar.setRange(0, total // 1000)
        self.bar.setValue(download.done // 1000)
        done = megabytes(download.done)
        self.facts.setText(self.tr("{0} of {1}").format(done, megabytes(total)) if total else done)

    def _show_buttons(self) -> None:
        training = self._training
        self.pause.setText(self.tr("Go on") if training.paused else self.tr("Pause"))
        self.pause.setAccessibleName(self.pause.text())
        self.pause.set_icon("play" if training.paused else "pause")
        running = training.phase in (Phase.PREPARING, Phase.RUNNING)
        if not running and self.isAncestorOf(self.window().focusWidget()):
            self.bar.setFocus()  # Qt would give it to whatever comes next
        self.pause.setEnabled(running)
        self.stop.setEnabled(running)
