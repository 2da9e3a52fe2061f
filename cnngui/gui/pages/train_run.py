"""A training under way and its end: progress, curves, and what came of it in words."""

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QWidget

from cnngui.checker.finding import Severity
from cnngui.data.index import DatasetIndex
from cnngui.engine.events import Download
from cnngui.engine.spec import LABEL_FOLDS
from cnngui.files import megabytes
from cnngui.gui import text, theme
from cnngui.gui.pages.page import Header
from cnngui.gui.pages.train_ready import train_longer
from cnngui.gui.session import Session
from cnngui.gui.training import Phase, Training
from cnngui.gui.widgets.basic import (
    Button,
    Card,
    IconText,
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


def _too_few(index: DatasetIndex) -> str:
    """Why the labels of `index` cannot be judged; "" where they can: with a picture in each fold, two classes
    are there to be told apart in every training. Smaller ones beside them are judged as well as may be."""
    if sum(count >= LABEL_FOLDS for count in index.counts()) >= 2:
        return ""
    words = text.tr("This needs at least two classes with {0} pictures or more each.")
    return words.format(text.number(LABEL_FOLDS))


class EndCard(Card):
    """What came of the training, in words, and what to do with it."""

    def __init__(self, session: Session) -> None:
        super().__init__(padding=3 * theme.GRID, spacing=theme.GAP)
        self._session = session
        self.title = label("", "display", wrap=True)
        self.more = label("", "soft", wrap=True)
        self.note = IconText("info")
        self.classify = Button(self.tr("Classify"), "classify", "primary", name=self.tr("Classify pictures"))
        self.classify.clicked.connect(self._classify)
        self.save = Button(self.tr("Save…"), "save", name=self.tr("Save the model…"))
        self.save.clicked.connect(self._save)
        self.resume = Button(self.tr("Resume"), "play")
        self.resume.clicked.connect(self._resume)
        self.longer = Button(self.tr("Train longer…"), "play")
        self.longer.clicked.connect(lambda: train_longer(self, session))
        self.again = Button(self.tr("Train again"), "resume")
        self.again.clicked.connect(session.training.forget)
        session.earlier_changed.connect(self._show_earlier)
        self._buttons = holder(
            row(self.classify, self.save, self.resume, self.longer, self.again, None, spacing=theme.GRID)
        )
        self.labels = Button("", kind="link")
        self.labels.clicked.connect(session.judge_labels)
        self.body.addLayout(column(self.title, self.more, spacing=theme.HALF))
        self.body.addWidget(self.note)
        self.body.addWidget(self._buttons)
        self.why_not = label("", "caption", wrap=True)
        self.body.addLayout(column(row(self.labels, None), self.why_not, spacing=theme.HALF))
        session.labels.changed.connect(self._show_labels)

    def take_focus(self) -> None:
        """Give the keyboard to what is done next."""
        (self.classify if not self.classify.isHidden() else self.again).setFocus()

    def show_end(self) -> None:
        """Show how the training ended."""
        training = self._session.training
        result = training.result
        model = result.model if result else None
        self.classify.setVisible(bool(model))
        self.save.setVisible(bool(model))
        offered = bool(model) and training.index is self._session.index
        self.labels.setVisible(offered)
        self.why_not.setText(_too_few(training.index) if offered and training.index else "")
        self.why_not.setVisible(bool(self.why_not.text()))
        self._show_labels()
        self.note.hide()
        self._show_earlier()
        if training.phase is Phase.FAILED and not model:
            self.title.setText(self.tr("The training could not go on"))
            self.more.setText(training.problem)
            return
        assert result is not None
        if result.val_accuracy is not None and result.val_images:
            self.title.setText(text.accuracy(result.val_accuracy, result.val_images))
        elif model:
            self.title.setText(self.tr("Trained; no pictures were kept back to measure it"))
        else:
            self.title.setText(self.tr("Stopped before the first epoch was done"))
        self.more.setText(self._facts())
        if result.reason != "finished":
            self.note.setText(training.problem or result.sentence)
            self.note.show()

    def _show_labels(self) -> None:
        """Offer to judge the labels, and say how long that takes; not while it is done."""
        training, check = self._session.training, self._session.labels
        self.labels.setEnabled(not check.busy and not self.why_not.text())
        if (result := training.result) and training.started:
            words = self.tr("Look for wrong labels with {0} more trainings: {1}")
            done = 1.0 if result.reason == "finished" else result.epochs / training.started.epochs
            lasts = text.duration(LABEL_FOLDS * result.seconds / max(done, 1e-3))
            self.labels.setText(words.format(text.number(LABEL_FOLDS), lasts))
            self.labels.setAccessibleName(self.labels.text())
            self.labels.setAccessibleDescription(self.why_not.text())

    def _facts(self) -> str:
        result = self._session.training.result
        assert result is not None
        facts = []
        if result.val_accuracy_interval and result.val_images:
            facts.append(text.interval(*result.val_accuracy_interval))
        if result.epochs:
            done = text.counted(result.epochs, self.tr("1 epoch"), self.tr("%n epochs"))
            best = self.tr("best of {0}: number {1}").format(done, result.best_epoch)
            facts.append((best if result.epochs > 1 else done) + self._in_passing())
        facts.append(text.duration(result.seconds))
        return " · ".join(facts)

    def _in_passing(self) -> str:
        """How many the best epoch counted, where that is another number: in the precision of the training
        and with one look at each picture."""
        training = self._session.training
        result = training.result
        counts = [one.val_accuracy for one in training.epochs if result and one.epoch == result.best_epoch]
        if not result or result.val_accuracy is None or not counts or counts[0] is None:
            return ""
        quick, whole = (round(share * result.val_images) for share in (counts[0], result.val_accuracy))
        return (
            ""
            if quick == whole
            else self.tr(", where one quick look found {0} right").format(text.number(quick))
        )

    def _show_earlier(self) -> None:
        """Whether this run, and no other, can be gone on with or trained longer."""
        result, earlier = self._session.training.result, self._session.earlier
        run = Path(result.run_folder) if result else None
        self.resume.setVisible(bool(run and earlier and earlier.unfinished == run))
        self.longer.setVisible(bool(run and earlier and earlier.finished == run))

    def _resume(self) -> None:
        training = self._session.training
        if training.index and not training.busy:
            training.start(training.index, training.config, resume=True)

    def _classify(self) -> None:
        """Ask the network that was trained here, also where another was opened since."""
        result, model = self._session.training.result, self._session.model
        if result and result.model and (not model or model.path != Path(result.model)):
            self._session.open_model(Path(result.model), "trained")
        self._session.wanted.emit("classify")

    def _save(self) -> None:
        result = self._session.training.result
        if not result or not result.model:
            return
        index = self._session.training.index
        name = f"{index.root.name or 'model'}.safetensors" if index else "model.safetensors"
        target, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save the model"), str(Path.home() / name), self.tr("Model file (*.safetensors)")
        )
        if target:
            path = Path(target)
            self._session.save_model(
                Path(result.model), path if path.suffix else path.with_suffix(".safetensors")
            )
