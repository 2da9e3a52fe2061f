"""How a training would go, before it is asked for: a few sums, once the engine is loaded."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cnngui.data.index import DatasetIndex, Split
from cnngui.engine.spec import UNASKED, TrainConfig
from cnngui.errors import RequestError
from cnngui.gui.text import tr

if TYPE_CHECKING:
    from cnngui.engine.device import DeviceChoice
    from cnngui.engine.models.registry import ModelCard

Value = str | float | int | bool | None


@dataclass(frozen=True, slots=True)
class Ready:
    """What only the engine knows and the window shows: where it will run, and which models there are."""

    device: "DeviceChoice"
    cards: "tuple[ModelCard, ...]"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a training would go, before it is asked for."""

    title: str  # the network's
    summary: str
    # None: decided when the training begins, from the pictures.
    epochs: int | None
    batch_size: int | None
    learning_rate: float | None
    size: int | None
    any_size: bool  # whether another size can be asked for
    device: str  # the sentence
    # What the parts of the recipe that the network decides come to, by their names.
    parts: Mapping[str, float] = field(default_factory=dict)
    idle: frozenset[str] = frozenset()  # the fields of TrainConfig that make no difference to it


def plan(index: DatasetIndex, config: TrainConfig, ready: Ready) -> Plan:
    """What the engine would make of `config`: not work but a few sums, once the engine is loaded.

    Raises RequestError for what it would refuse.
    """
    from cnngui.engine import options, recipe

    where = _device(config, ready)
    if config.model == "auto":
        summary = tr("The network that suits your pictures and this computer.")
        idle = options.idle(config, dropout=False)
        return Plan(tr("Automatic"), summary, None, None, None, None, any_size=True, device=where, idle=idle)
    card = next(card for card in ready.cards if card.name == config.model)
    idle = options.idle(config, card.dropout)
    config = without(config, idle)
    spec = recipe.image_spec(card, config.size)
    numbers = recipe.recipe(config, card, _to_learn_from(index, config.val_fraction))
    parts = {"weight_decay": numbers.weight_decay, "warm_up": numbers.warm_up, "ema": numbers.ema}
    if numbers.augmentation:
        parts |= {"shift": numbers.augmentation.shift, "erase": numbers.augmentation.erase}
    return Plan(
        title=card.title,
        summary=card.summary,
        epochs=numbers.epochs,
        batch_size=numbers.batch_size,
        learning_rate=numbers.learning_rate,
        size=spec.size,
        any_size=card.smallest is not None,
        device=where,
        parts=parts,
        idle=idle,
    )


def without(config: TrainConfig, idle: frozenset[str]) -> TrainConfig:
    """`config` with the fields that make no difference left alone, so that none of them is in the way."""
    return replace(config, **{name: getattr(UNASKED, name) for name in idle})


def _to_learn_from(index: DatasetIndex, val_fraction: float | None) -> int:
    """About how many pictures will be trained on: as TrainConfig.val_fraction says."""
    splits = Counter(record.split for record in index.records)
    learn = splits[Split.TRAIN] + splits[Split.UNSPLIT]
    if splits[Split.VAL]:
        return max(1, learn)
    kept_back = min(learn / 5, 5000) if val_fraction is None else learn * val_fraction
    return max(1, round(learn - kept_back))


def _device(config: TrainConfig, ready: Ready) -> str:
    from cnngui.engine import device

    if (config.device, config.precision) == ("auto", "auto"):
        return ready.device.sentence
    try:
        return device.choose(config.device, config.precision).sentence
    except RequestError as problem:
        # The engine's sentences speak of the command line's options.
        if config.device in ("cuda", "mps") and config.precision == "auto":
            words = tr("This computer has no {0} that can be used. Choose another device in the settings.")
            what = {"cuda": tr("CUDA graphics card"), "mps": tr("Apple graphics processor")}
            raise RequestError(words.format(what[config.device])) from problem
        words = tr("This computer cannot train with this device and precision. Leave one of them automatic.")
        raise RequestError(words) from problem
