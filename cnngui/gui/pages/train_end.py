"""What came of a training, in words, and what is done with it."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from cnngui.data.index import DatasetIndex
from cnngui.engine.spec import LABEL_FOLDS
from cnngui.gui import text, theme
from cnngui.gui.pages.train_ready import train_longer
from cnngui.gui.session import Session
from cnngui.gui.training import Phase
from cnngui.gui.widgets.basic import (
    Button,
    Card,
    IconText,
    column,
    holder,
    label,
    row,
)


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
