"""How a run is trained: the numbers, from what was asked, what the network's card says and how many
pictures there are; the optimiser; the learning rate's course."""

import math
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.dropout import _DropoutNd
from torch.optim import AdamW, Optimizer

from cnngui.engine import options
from cnngui.engine.augment import Augmentation
from cnngui.engine.models.registry import ModelCard
from cnngui.engine.muon import Muon
from cnngui.engine.spec import ImageSpec, TrainConfig
from cnngui.errors import RequestError

# A network needs a number of steps, not of epochs: with few pictures an epoch is only a few steps.
# Muon gets further in each: on 600 small pictures and on 245 photographs half of AdamW's were as good.
_FEWEST_STEPS = {"adamw": 1500, "muon": 750}
_MOST_EPOCHS = 80
# An epoch of few pictures is cut into about this many steps, as long as a batch keeps 16 pictures.
_STEPS_PER_EPOCH = 24
_SMALLEST_BATCH = 16

# With a time limit and no number of epochs, more epochs than this many times the usual gain nothing.
_MOST_WITH_MINUTES = 4

# Share of the run in which the learning rate rises.
_WARM_UP = {"one_cycle": 0.2, "cosine": 0.05}

# From this many times as many pictures in the largest class as in the smallest on, rare classes count more.
_UNEQUAL = 4.0


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
    augmentation: Augmentation | None  # None: the pictures as they are
    warm_up: float  # share of the run in which the learning rate rises
    classes: int = 0
    ema: float = 0.0  # what stays of the average at each step; 0: no average
    mixup: float = 0.0
    cutmix: float = 0.0
    clip_gradients: float = 0.0
    patience: int = 0
    optimizer: str = "adamw"  # or muon
    fixed_norms: bool = False  # batch norms keep the statistics they have, mean and variance, and use them
    # A parameter belongs to the first part that names it; one that no part names is never trained.
    parts: tuple[Part, ...] = (Part(),)


def image_spec(card: ModelCard, size: int | None) -> ImageSpec:
    """The card's picture, or one of `size` pixels. Raises RequestError where the network cannot take it."""
    if size is None or size == card.spec.size:
        return card.spec
    if card.smallest is None:
        raise RequestError(
            f"{card.name} only takes {card.spec.size} × {card.spec.size} pictures, because its first fully "
            "connected layer is made for that size. Leave the size out or choose another network."
        )
    if size < card.smallest or size > 1024:
        raise RequestError(f"{card.name} takes pictures of {card.smallest} to 1024 pixels, not {size}.")
    resize = round(card.spec.resize * size / card.spec.size)
    return replace(card.spec, size=size, resize=resize)


def recipe(config: TrainConfig, card: ModelCard, images: int, classes: int = 0) -> Recipe:
    """The numbers for `images` training pictures of `classes`; what the config leaves open follows from the
    card. Raises RequestError for a number that is out of range."""
    options.check(config)
    for name in ("epochs", "batch_size", "learning_rate", "minutes"):
        value = getattr(config, name)
        if value is not None and not (value > 0 and math.isfinite(value)):
            title = name.replace("_", " ").capitalize()
            raise RequestError(f"{title} must be above 0 and finite, not {value}.")
    wanted = max(_SMALLEST_BATCH, 2 ** int(math.log2(max(1, images / _STEPS_PER_EPOCH))))
    batch_size = min(config.batch_size or min(card.batch_size, wanted), max(1, images))
    steps = math.ceil(images / batch_size)
    kind = card.optimizer if config.optimizer == "auto" else config.optimizer
    usual = max(card.epochs, min(_MOST_EPOCHS, math.ceil(_FEWEST_STEPS[kind] / steps)))
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
        augmentation=_augmentation(config, card),
        warm_up=_WARM_UP[config.schedule] if config.warm_up is None else config.warm_up,
        classes=classes,
        ema=card.ema if config.ema is None else config.ema,
        mixup=config.mixup,
        cutmix=config.cutmix,
        clip_gradients=config.clip_gradients,
        patience=config.patience,
        optimizer=kind,
    )


def _augmentation(config: TrainConfig, card: ModelCard) -> Augmentation | None:
    if not config.augment:
        return None
    return Augmentation(
        shift=card.shift if config.shift is None else config.shift,
        erase=card.erase if config.erase is None else config.erase,
        resized_crop=config.resized_crop,
        colour_jitter=config.colour_jitter,
        trivial_augment=config.trivial_augment,
    )


@dataclass(frozen=True, slots=True)
class Balance:
    """What makes up for classes of unequal size, if anything does, and the sentence that says so."""

    loss_weights: Tensor | None = None  # float32 (classes,)
    draw_weights: Tensor | None = None  # float32, one per training picture
    notes: tuple[str, ...] = ()


def balance(wish: str, labels: Tensor, names: tuple[str, ...]) -> Balance:
    """What `wish` (an option's value) comes to for the training pictures' `labels`, int64 (N,)."""
    counts = torch.bincount(labels, minlength=len(names)).float()
    present = counts > 0
    largest, smallest = int(counts.argmax()), int(counts.masked_fill(~present, math.inf).argmin())
    ratio = float(counts[largest] / counts[smallest])
    if wish == "none" or (wish == "auto" and ratio < _UNEQUAL) or ratio == 1:
        return Balance()
    # Weights whose mean over the pictures is 1, so that the learning rate means what it did.
    each = torch.where(present, counts.sum() / (present.sum() * counts.clamp_min(1)), 0.0)
    facts = f"“{names[largest]}” has {ratio:.0f} times as many training pictures as “{names[smallest]}”, so "
    if wish == "sampling":
        return Balance(
            draw_weights=each[labels],
            notes=(facts + "every class is shown equally often; the option balance changes that.",),
        )
    return Balance(
        loss_weights=each,
        notes=(facts + "rare classes count more; the option balance changes that.",),
    )


def set_dropout(network: nn.Module, share: float | None) -> None:
    """Give every dropout layer `share`; None leaves the network's own. Raises RequestError where there is
    no such layer to give it to."""
    if share is None:
        return
    layers = [one for one in network.modules() if isinstance(one, _DropoutNd)]
    if not layers:
        raise RequestError("This network has no dropout layers, so dropout cannot be set. Leave it out.")
    for layer in layers:
        layer.p = share


def optimizer(network: nn.Module, recipe: Recipe, kind: torch.dtype = torch.float32) -> Optimizer:
    """The recipe's optimiser over its parts; weight decay on weights alone, since biases and norms have
    nothing to be kept small for. Parameters of no part stop asking for a gradient.

    Muon has the weights that mix channels, but not those of the first and the last layer, which have too few
    inputs or outputs for directions to be even; `kind` is the number format in which it works.
    """
    mixing = [name for name, one in network.named_parameters() if one.ndim > 1 and one.shape[1] > 1][1:-1]
    inner = frozenset(mixing) if recipe.optimizer == "muon" else frozenset()
    groups: list[dict[str, Any]] = []
    for part in recipe.parts:
        place = {"scale": part.scale, "begin": part.begin}
        groups += [
            {**place, "params": [], "weight_decay": recipe.weight_decay, "orthogonal": True},
            {**place, "params": [], "weight_decay": recipe.weight_decay, "orthogonal": False},
            {**place, "params": [], "weight_decay": 0.0, "orthogonal": False},
        ]
    for name, parameter in network.named_parameters():
        mine = [number for number, part in enumerate(recipe.parts) if name.startswith(part.layers)]
        if mine:
            place_in_part = 0 if name in inner else 1 if parameter.ndim > 1 else 2
            groups[3 * mine[0] + place_in_part]["params"].append(parameter)
        parameter.requires_grad_(bool(mine))
    used = [group for group in groups if group["params"]]
    made = Muon(used, recipe.learning_rate, kind) if inner else AdamW(used, recipe.learning_rate, fused=True)
    set_rate(made, recipe, 0.0)
    return made


def set_rate(optimizer: Optimizer, recipe: Recipe, progress: float) -> float:
    """Give every part its learning rate at `progress` (0 to 1) of the run, and wake those that begin now.

    It depends on the progress alone, so a resumed run comes to the same. Returns the rate at scale 1.
    """
    rate = recipe.learning_rate * share_of_rate(progress, recipe.warm_up)
    for group in optimizer.param_groups:
        group["lr"] = rate * group["scale"]
        for parameter in group["params"]:
            parameter.requires_grad_(progress >= group["begin"])
    return rate


def share_of_rate(progress: float, warm_up: float) -> float:
    """The learning rate's share of its peak at `progress` (0 to 1) of the run: up in a straight line for
    `warm_up` of it, down along a cosine. A long rise is Smith & Topin's one-cycle (2017,
    "Super-Convergence"), a short one Loshchilov & Hutter's cosine (2016, "SGDR")."""
    if progress < warm_up:
        return 0.05 + 0.95 * progress / warm_up
    fall = (min(progress, 1.0) - warm_up) / (1 - warm_up)
    return 0.5 * (1 + math.cos(math.pi * fall))
