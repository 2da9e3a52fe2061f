"""How a run is trained: the numbers, from what was asked, what the network's card says and how many
pictures there are; the optimiser; the learning rate's course."""

import math
from dataclasses import dataclass, replace

from torch import nn
from torch.optim import AdamW, Optimizer

from cnngui.engine.models.registry import ModelCard
from cnngui.engine.spec import ImageSpec, TrainConfig
from cnngui.errors import RequestError

# A network needs a number of steps, not of epochs: with few pictures an epoch is only a few steps.
_FEWEST_STEPS = 1500
_MOST_EPOCHS = 80
# An epoch of few pictures is cut into about this many steps, as long as a batch keeps 16 pictures.
_STEPS_PER_EPOCH = 24
_SMALLEST_BATCH = 16

# With a time limit and no number of epochs, more epochs than this many times the usual gain nothing.
_MOST_WITH_MINUTES = 4

_WARM_UP = 0.2  # share of the run in which the learning rate rises


@dataclass(frozen=True, slots=True)
class Part:
    """Layers that are trained alike: parameters whose names begin with one of `layers`.

    They learn at `scale` times the learning rate, and from the share `begin` (0 to 1) of the run on; before
    that they stay as they are. This is how a pretrained network is fine-tuned: layers near the picture more
    slowly, and later (Howard & Ruder 2018, "Universal Language Model Fine-tuning for Text Classification").
    """

    layers: tuple[str, ...] = ("",)
    scale: float = 1.0
    begin: float = 0.0


@dataclass(frozen=True, slots=True)
class Recipe:
    epochs: int
    batch_size: int
    learning_rate: float  # the peak
    weight_decay: float
    label_smoothing: float
    erase: float
    # A parameter belongs to the first part that names it; one that no part names is never trained.
    parts: tuple[Part, ...] = (Part(),)


def image_spec(card: ModelCard, size: int | None) -> ImageSpec:
    """The card's picture, or one of `size` pixels. Raises RequestError where the network cannot take it."""
    if size is None or size == card.spec.size:
        return card.spec
    if not card.any_size:
        raise RequestError(
            f"{card.name} only takes {card.spec.size} × {card.spec.size} pictures, because its first fully "
            "connected layer is made for that size. Leave out --size or choose another network."
        )
    if size < card.smallest or size > 1024:
        raise RequestError(f"{card.name} takes pictures of {card.smallest} to 1024 pixels, not {size}.")
    resize = round(card.spec.resize * size / card.spec.size)
    return replace(card.spec, size=size, resize=resize)


def recipe(config: TrainConfig, card: ModelCard, images: int) -> Recipe:
    """The numbers for `images` training pictures; what the config leaves open follows from the card."""
    for name in ("epochs", "batch_size", "learning_rate", "minutes"):
        value = getattr(config, name)
        if value is not None and not (value > 0 and math.isfinite(value)):
            raise RequestError(f"{name.replace('_', ' ').capitalize()} must be above 0, not {value}.")
    wanted = max(_SMALLEST_BATCH, 2 ** int(math.log2(max(1, images / _STEPS_PER_EPOCH))))
    batch_size = config.batch_size or min(card.batch_size, wanted)
    steps = math.ceil(images / batch_size)
    usual = max(card.epochs, min(_MOST_EPOCHS, math.ceil(_FEWEST_STEPS / steps)))
    if config.minutes is not None:
        usual *= _MOST_WITH_MINUTES
    # Adam's step does not shrink with the gradient's noise as 1/batch but as its root (Malladi et al. 2022).
    scaled = card.learning_rate * math.sqrt(batch_size / card.batch_size)
    return Recipe(
        epochs=config.epochs or usual,
        batch_size=batch_size,
        learning_rate=config.learning_rate or scaled,
        weight_decay=card.weight_decay if config.weight_decay is None else config.weight_decay,
        label_smoothing=config.label_smoothing,
        erase=card.erase if config.erase is None else config.erase,
    )


def optimizer(network: nn.Module, recipe: Recipe) -> AdamW:
    """AdamW over the recipe's parts; weight decay on weights alone, since biases and norms have nothing to
    be kept small for. Parameters of no part stop asking for a gradient."""
    members: list[list[nn.Parameter]] = [[] for _ in recipe.parts]
    for name, parameter in network.named_parameters():
        mine = [number for number, part in enumerate(recipe.parts) if name.startswith(part.layers)]
        if mine:
            members[mine[0]].append(parameter)
        parameter.requires_grad_(bool(mine))
    groups = []
    for part, parameters in zip(recipe.parts, members, strict=True):
        place = {"scale": part.scale, "begin": part.begin}
        weights = [one for one in parameters if one.ndim > 1]
        others = [one for one in parameters if one.ndim <= 1]
        groups += [
            {"params": weights, "weight_decay": recipe.weight_decay, **place},
            {"params": others, "weight_decay": 0.0, **place},
        ]
    made = AdamW([group for group in groups if group["params"]], lr=recipe.learning_rate, fused=True)
    set_rate(made, recipe, 0.0)
    return made


def set_rate(optimizer: Optimizer, recipe: Recipe, progress: float) -> float:
    """Give every part its learning rate at `progress` (0 to 1) of the run, and wake those that begin now.

    It depends on the progress alone, so a resumed run comes to the same. Returns the rate at scale 1.
    """
    rate = recipe.learning_rate * one_cycle(progress)
    for group in optimizer.param_groups:
        group["lr"] = rate * group["scale"]
        for parameter in group["params"]:
            parameter.requires_grad_(progress >= group["begin"])
    return rate


def one_cycle(progress: float) -> float:
    """The learning rate's share of its peak at `progress` (0 to 1) of the run: up in a straight line,
    down along a cosine, as in Smith & Topin 2017, "Super-Convergence"."""
    if progress < _WARM_UP:
        return 0.05 + 0.95 * progress / _WARM_UP
    fall = (min(progress, 1.0) - _WARM_UP) / (1 - _WARM_UP)
    return 0.5 * (1 + math.cos(math.pi * fall))
