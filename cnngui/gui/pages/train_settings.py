"""How to train: every choice with a sentence, all of them optional."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from cnngui.engine.options import OPTIONS, Option
from cnngui.gui import text
from cnngui.gui.planning import Plan, Value
from cnngui.gui.text import tr
from cnngui.gui.widgets.basic import label
from cnngui.gui.widgets.fields import Choice, Decimal, Field, Form, Row, Toggle, Whole

if TYPE_CHECKING:
    from cnngui.engine.models.registry import ModelCard

_MOST = 10_000  # epochs, minutes
_MOST_IN_BATCH = 65_536
_LARGEST = 1024  # pixels
_FILE = "file…"  # the entry that asks for a file; the name of no weights


class WeightsChoice(Choice):
    """What a network begins with; a file of weights is asked for when it is picked."""

    _at = 0  # the entry that was chosen before the file was asked for

    def __init__(self) -> None:
        super().__init__(
            (
                (tr("Published, where they help"), "auto"),
                (tr("None: it begins by chance"), None),
                (tr("A file…"), _FILE),
            )
        )
        self.currentIndexChanged.connect(self._note)
        self.activated.connect(self._ask)

    def chosen(self) -> Value:
        value = super().chosen()
        return self.itemData(self._at) if value == _FILE else value

    def choose(self, value: Value) -> None:
        if isinstance(value, str) and self.findData(value) < 0:
            self.insertItem(self.count() - 1, text.shown(Path(value).name), value)
        super().choose(value)

    def _note(self, at: int) -> None:
        if at >= 0 and self.itemData(at) != _FILE:
            self._at = at

    def _ask(self, at: int) -> None:
        if self.itemData(at) != _FILE:
            return
        kinds = tr("Weights ({0})").format("*.pth *.pt *.bin *.safetensors")
        file, _ = QFileDialog.getOpenFileName(self, tr("Weights to begin with"), "", kinds)
        self.choose(file or self.itemData(self._at))


class TrainSettings(Form):
    """What most people may want to choose."""

    def __init__(self) -> None:
        super().__init__()
        automatic = self.tr("Automatic")
        self.model = Choice(((automatic, "auto"),))
        self.method = Choice(
            (
                (automatic, "auto"),
                (self.tr("Quick: seconds to minutes"), "quick"),
                (self.tr("Best: takes longer"), "best"),
                (self.tr("From scratch"), "scratch"),
            )
        )
        self.weights = WeightsChoice()
        self.epochs = Whole(0, _MOST, automatic=automatic)
        self.minutes = Whole(0, _MOST, automatic=self.tr("No limit"))
        self.minutes.setSuffix(self.tr(" min"))
        self.side = Whole(0, _LARGEST, 8, automatic=automatic)
        self.batch = Whole(0, _MOST_IN_BATCH, 8, automatic=automatic)
        self.rate = Decimal(1e-5, 10.0, 1e-3, automatic=automatic)
        self.share = Whole(0, 50, 5, automatic=self.tr("A fifth, 5,000 at most"), parts=100)
        self.share.setSuffix(" %")
        self.augment = Toggle()
        self.augment.choose(True)
        self.seed = Whole(0, 2**31 - 1)
        self.device = Choice(
            (
                (self.tr("The fastest there is"), "auto"),
                (self.tr("Processor"), "cpu"),
                (self.tr("CUDA graphics card"), "cuda"),
                (self.tr("Apple graphics"), "mps"),
            )
        )
        self.precision = Choice(
            (
                (automatic, "auto"),
                (self.tr("Full: float32"), "float32"),
                (self.tr("Half: bfloat16"), "bfloat16"),
                (self.tr("Half: float16, CUDA only"), "float16"),
            )
        )
        self._summary = label("", "caption", wrap=True)
        self.lay_out(self._rows())
        self.show_plan(None)

    def _rows(self) -> tuple[Row, ...]:
        return (
            Row("model", self.tr("Network"), self.model, self._summary),
            Row(
                "method",
                self.tr("Method"),
                self.method,
                self.tr(
                    "Quick builds on what a network has learnt from photographs before. Best then goes on to "
                    "train all of it."
                ),
            ),
            Row(
                "weights",
                self.tr("Weights to begin with"),
                self.weights,
                self.tr("What a network has learnt before. Published ones are downloaded once."),
            ),
            Row(
                "minutes",
                self.tr("Time limit"),
                self.minutes,
                self.tr("Plans the whole training to end within this time."),
            ),
            Row(
                "epochs", self.tr("Epochs"), self.epochs, self.tr("How often the network sees every picture.")
            ),
            Row(
                "size",
                self.tr("Picture size"),
                self.side,
                self.tr("The side, in pixels, of what the network sees. Larger sees more and takes longer."),
            ),
            Row(
                "batch_size",
                self.tr("Batch size"),
                self.batch,
                self.tr("Pictures per step. Smaller needs less memory."),
            ),
            Row(
                "learning_rate",
                self.tr("Learning rate"),
                self.rate,
                self.tr("The largest step of the schedule. Too large and the loss jumps or grows."),
            ),
            Row(
                "val_fraction",
                self.tr("Validation share"),
                self.share,
                self.tr(
                    "Kept back to measure the network, unless the folder has a part of its own for that."
                ),
            ),
            Row(
                "augment",
                self.tr("Augmentation"),
                self.augment,
                self.tr("Shows pictures shifted and mirrored, so that the network learns what matters."),
            ),
            Row(
                "seed",
                self.tr("Seed"),
                self.seed,
                self.tr("The same seed gives the same split and the same start."),
            ),
            Row("device", self.tr("Device"), self.device, self.tr("Where the network is trained.")),
            Row(
                "precision",
                self.tr("Precision"),
                self.precision,
                self.tr("How exactly numbers are kept. Half is quicker where the device can do it."),
            ),
        )

    def show_cards(self, cards: "tuple[ModelCard, ...]") -> None:
        """Offer the models that the engine knows."""
        self.model.show_items(((self.tr("Automatic"), "auto"), *((card.title, card.name) for card in cards)))

    def show_plan(self, plan: Plan | None) -> None:
        """Say in each field what it comes to when it is left alone."""
        self._summary.setText(plan.summary if plan else self.tr("The network's architecture."))
        self.model.setAccessibleDescription(self._summary.text())
        self.epochs.setSpecialValueText(_automatic(plan.epochs if plan else None))
        self.batch.setSpecialValueText(_automatic(plan.batch_size if plan else None))
        self.rate.setSpecialValueText(_automatic(plan.learning_rate if plan else None))
        self.side.setSpecialValueText(_automatic(plan.size if plan else None, self.tr("{0} × {0}")))
        if plan and not plan.any_size:
            self.side.setValue(0)
        self.side.setEnabled(plan is None or plan.any_size)


class TrainOptions(Form):
    """The parts of the recipe, one field for each row of OPTIONS."""

    def __init__(self) -> None:
        super().__init__()
        self.lay_out(Row(one.name, tr(one.title), _field(one), tr(one.sentence)) for one in OPTIONS)
        for one in OPTIONS:
            if not one.choices and one.kind is not bool:
                self.rows[one.name].field.setToolTip(tr("{0} to {1}").format(*_range(one)))

    def show_plan(self, plan: Plan | None) -> None:
        """Say in each field that the network decides what it decides."""
        for name, row in self.rows.items():
            if isinstance(row.field, Decimal) and self.defaults[name] is None:
                row.field.setSpecialValueText(_automatic(plan.parts.get(name) if plan else None))


def _field(one: Option) -> Field:
    """What a part of the recipe is chosen with, at its default."""
    field: Field
    if one.choices:
        field = Choice((_words(choice), choice) for choice in one.choices)
    elif one.kind is bool:
        field = Toggle()
    elif one.kind is int:
        field = Whole(int(one.minimum), int(one.maximum))
    else:
        step = 1.0 if one.maximum > 10 else 0.1 if one.maximum > 1 else 0.05
        field = Decimal(one.minimum, one.maximum, step, _automatic(None) if one.default is None else "")
    field.choose(one.default)
    return field


def _words(choice: str) -> str:
    names = {"auto": tr("Automatic"), "adamw": "AdamW"}
    return names.get(choice) or tr(choice.replace("_", " ").capitalize())


def _range(one: Option) -> tuple[str, str]:
    return f"{one.minimum:g}", f"{one.maximum:g}"


def _automatic(number: float | None, form: str = "{0}") -> str:
    """ "Automatic", with what it comes to where that is known."""
    if number is None:
        return tr("Automatic")
    return tr("Automatic ({0})").format(form.format(f"{number:.3g}" if isinstance(number, float) else number))
