"""How to train: every choice with a sentence, all of them optional."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from cnngui.engine.spec import TrainConfig
from cnngui.gui import theme
from cnngui.gui.widgets.basic import Switch, column, label
from cnngui.gui.work import Plan

if TYPE_CHECKING:
    from cnngui.engine.models.registry import ModelCard


@dataclass(frozen=True, slots=True)
class _Ranges:
    """The limits of the fields; 0 stands for what follows from the network and the pictures."""

    epochs: int = 10_000
    minutes: int = 10_000
    batch: int = 65_536
    largest: int = 1024  # pixels


class TrainSettings(QWidget):
    """The fields; `config()` is what they say, `changed` when they say something else."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "clear")
        limits = _Ranges()
        self.model = QComboBox()
        self.model.addItem(self.tr("Automatic"), "auto")
        self.model.currentIndexChanged.connect(self.changed)
        self.method = QComboBox()
        for words, value in (
            (self.tr("Automatic"), "auto"),
            (self.tr("Quick: seconds to minutes"), "quick"),
            (self.tr("Best: takes longer"), "best"),
            (self.tr("From scratch"), "scratch"),
        ):
            self.method.addItem(words, value)
        self.method.currentIndexChanged.connect(self.changed)
        self.epochs = self._whole(0, limits.epochs)
        self.minutes = self._whole(0, limits.minutes)
        self.minutes.setSpecialValueText(self.tr("No limit"))
        self.minutes.setSuffix(self.tr(" min"))
        self.side = self._whole(0, limits.largest, 8)
        self.batch = self._whole(0, limits.batch, 8)
        self.rate = QDoubleSpinBox()
        self.rate.setDecimals(5)
        self.rate.setRange(0.0, 10.0)
        self.rate.setSingleStep(0.001)
        self.rate.valueChanged.connect(self.changed)
        self.share = self._whole(0, 50, 5)
        self.share.setSpecialValueText(self.tr("A fifth, at most 5,000 pictures"))
        self.share.setSuffix(" %")
        self.seed = self._whole(0, 2**31 - 1)
        self.augment = Switch(name=self.tr("Augmentation"))
        self.augment.setChecked(TrainConfig().augment)
        self.device = QComboBox()
        for words, value in (
            (self.tr("The fastest there is"), "auto"),
            (self.tr("Processor"), "cpu"),
            (self.tr("CUDA graphics card"), "cuda"),
            (self.tr("Apple graphics"), "mps"),
        ):
            self.device.addItem(words, value)
        self.device.currentIndexChanged.connect(self.changed)
        self._summary = label("", "caption", wrap=True)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(4 * theme.GRID)
        self._grid.setVerticalSpacing(3 * theme.GRID)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._lay_out()
        self.show_plan(None)

    def _lay_out(self) -> None:
        rows: tuple[tuple[str, QWidget, str | QLabel], ...] = (
            (self.tr("Network"), self.model, self._summary),
            (
                self.tr("Method"),
                self.method,
                self.tr(
                    "Quick builds on what a network has learnt from photographs before; that is downloaded "
                    "once. Best then goes on to train all of it."
                ),
            ),
            (self.tr("Epochs"), self.epochs, self.tr("How often the network sees every picture.")),
            (
                self.tr("Time limit"),
                self.minutes,
                self.tr("Plans the whole training to end within this time."),
            ),
            (
                self.tr("Picture size"),
                self.side,
                self.tr("The side, in pixels, of what the network sees. Larger sees more and takes longer."),
            ),
            (
                self.tr("Batch size"),
                self.batch,
                self.tr("Pictures per step. Smaller needs less memory."),
            ),
            (
                self.tr("Learning rate"),
                self.rate,
                self.tr("The largest step of the schedule. Too large and the loss jumps or grows."),
            ),
            (
                self.tr("Validation share"),
                self.share,
                self.tr(
                    "Kept back to measure the network, unless the folder has a part of its own for that."
                ),
            ),
            (
                self.tr("Augmentation"),
                self.augment,
                self.tr("Shows pictures shifted and mirrored, so that the network learns what matters."),
            ),
            (self.tr("Seed"), self.seed, self.tr("The same seed gives the same split and the same start.")),
            (self.tr("Device"), self.device, self.tr("Where the network is trained.")),
        )
        for number, (name, field, about) in enumerate(rows):
            sentence = label(about, "caption", wrap=True) if isinstance(about, str) else about
            title = label(name, "strong")
            title.setBuddy(field)
            field.setAccessibleName(name)
            field.setAccessibleDescription(sentence.text())
            if isinstance(field, QComboBox):
                field.view().setAccessibleName(name)
            if isinstance(field, QComboBox | QAbstractSpinBox):
                field.installEventFilter(self)
                field.setFixedHeight(theme.CONTROL)
                field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            cell = column(title, spacing=theme.HALF)
            cell.addWidget(
                field, 0, Qt.AlignmentFlag.AlignLeft if field is self.augment else Qt.AlignmentFlag(0)
            )
            cell.addWidget(sentence)
            cell.addStretch(1)
            self._grid.addLayout(cell, number // 2, number % 2)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A wheel turned to scroll the page must not change a field on its way."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False

    def show_cards(self, cards: "tuple[ModelCard, ...]") -> None:
        """Offer the models that the engine knows."""
        chosen = self.model.currentData()
        self.model.blockSignals(True)
        self.model.clear()
        self.model.addItem(self.tr("Automatic"), "auto")
        for card in cards:
            self.model.addItem(card.title, card.name)
        self.model.setCurrentIndex(max(0, self.model.findData(chosen)))
        self.model.blockSignals(False)

    def config(self) -> TrainConfig:
        """The choices; what was left alone is None, so that the engine decides."""
        return TrainConfig(
            model=str(self.model.currentData()),
            method=str(self.method.currentData()),
            weights="auto",
            size=self.side.value() or None,
            epochs=self.epochs.value() or None,
            minutes=float(self.minutes.value()) or None,
            batch_size=self.batch.value() or None,
            learning_rate=self.rate.value() or None,
            augment=self.augment.isChecked(),
            val_fraction=self.share.value() / 100 or None,
            seed=self.seed.value(),
            device=str(self.device.currentData()),
        )

    def _whole(self, low: int, high: int, step: int = 1) -> QSpinBox:
        box = QSpinBox()
        box.setRange(low, high)
        box.setSingleStep(step)
        box.valueChanged.connect(self.changed)
        return box

    def show_plan(self, plan: Plan | None) -> None:
        """Say in each field what it comes to when it is left alone."""
        automatic, named = self.tr("Automatic"), self.tr("Automatic ({0})")
        self._summary.setText(plan.summary if plan else self.tr("The network's architecture."))
        self.model.setAccessibleDescription(self._summary.text())
        self.epochs.setSpecialValueText(named.format(plan.epochs) if plan and plan.epochs else automatic)
        self.batch.setSpecialValueText(
            named.format(plan.batch_size) if plan and plan.batch_size else automatic
        )
        rate = plan.learning_rate if plan else None
        self.rate.setSpecialValueText(named.format(f"{rate:.2g}") if rate else automatic)
        side = plan.size if plan else None
        self.side.setSpecialValueText(named.format(f"{side} × {side}") if side else automatic)
        if plan and not plan.any_size:
            self.side.setValue(0)
        self.side.setEnabled(plan is None or plan.any_size)
