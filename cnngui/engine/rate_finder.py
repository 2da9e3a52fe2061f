"""A learning rate to begin with, from a short trial: rates rise step by step until the loss bursts.

Smith 2015, "Cyclical Learning Rates for Training Neural Networks": the best rate lies where the loss falls
fastest, well before it rises.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from cnngui.cancel import Cancel
from cnngui.data.index import DatasetIndex
from cnngui.engine.batches import Batches, epoch_order
from cnngui.engine.choose import settled
from cnngui.engine.device import choose
from cnngui.engine.events import Decoding, Download
from cnngui.engine.memory import keep_large_blocks
from cnngui.engine.models import registry
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.prepare import Prepared, check_trainable, prepared
from cnngui.engine.quick import fine_tuning
from cnngui.engine.recipe import image_spec, recipe, set_dropout
from cnngui.engine.spec import TrainConfig
from cnngui.engine.step import Stepper
from cnngui.engine.weights.file import read, take
from cnngui.errors import RequestError

_STEPS = 120
_LOWEST, _HIGHEST = 1e-6, 3.0

_SMOOTHING = 0.9  # of the loss's running mean
_BURST = 2.0  # times the lowest loss so far, and there is nothing more to learn


@dataclass(frozen=True, slots=True)
class RateTried:
    """One step was made at `learning_rate`; `loss` is the running mean of the cross-entropy."""

    step: int  # from 1
    steps: int
    learning_rate: float
    loss: float


@dataclass(frozen=True, slots=True)
class RateFound:
    """The last item: a peak for the schedule, and the sentence that says where it comes from."""

    learning_rate: float
    sentence: str


def find_learning_rate(
    index: DatasetIndex, config: TrainConfig, cancel: Cancel
) -> Iterator[Download | Decoding | RateTried | RateFound]:
    """Try rates on a fresh network that is thrown away; ends without a RateFound once cancelled.

    Raises RequestError as a training would, and where no rate lowers the loss.
    """
    keep_large_blocks()
    check_trainable(index)
    chosen = yield from settled(index, config, cancel)
    if chosen is None:
        return
    config = chosen.config
    if config.method == "quick":
        raise RequestError(
            "Quick fits its last layer without a learning rate: choose the method best or scratch."
        )
    pipeline = ImagePipeline(image_spec(registry.card(config.model), config.size))
    data = yield from prepared(index, config, pipeline, cancel)
    if data is not None:
        yield from _tried(_stepper(index, config, data), data, config.seed, cancel)


def _stepper(index: DatasetIndex, config: TrainConfig, data: Prepared) -> Stepper:
    """The network as its training would begin with it."""
    numbers = recipe(config, registry.card(config.model), len(data.train), len(index.classes))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        network = registry.build(config.model, len(index.classes))
    set_dropout(network, config.dropout)
    if config.weights is not None:
        take(read(Path(config.weights)), config.model, index.classes, network)
    if config.method == "best":
        numbers = fine_tuning(numbers, config, network)
    device = choose(config.device, config.precision)
    batches = Batches(data.cached, data.labels, data.pipeline, device.device)
    return Stepper(network, numbers, device, batches, None, config.seed)


def _tried(stepper: Stepper, data: Prepared, seed: int, cancel: Cancel) -> Iterator[RateTried | RateFound]:
    stepper.begin()
    size = stepper.recipe.batch_size
    tried: list[RateTried] = []
    mean, order, epoch, place = 0.0, epoch_order(data.train, seed, 1), 1, 0
    for step in range(_STEPS):
        if cancel.check():
            return
        if len(order) - place < min(2, len(order)):  # of a last picture by itself batch norms cannot learn
            epoch, place = epoch + 1, 0
            order = epoch_order(data.train, seed, epoch)
        rate = _LOWEST * (_HIGHEST / _LOWEST) ** (step / (_STEPS - 1))
        for group in stepper.optimizer.param_groups:
            group["lr"] = rate * group["scale"]
        loss, _ = stepper.step(order[place : place + size], epoch, step)
        place += size
        mean = _SMOOTHING * mean + (1 - _SMOOTHING) * float(loss)
        smooth = mean / (1 - _SMOOTHING ** (step + 1))
        if not math.isfinite(smooth) or smooth > _BURST * min([one.loss for one in tried], default=smooth):
            break
        tried.append(RateTried(step + 1, _STEPS, rate, smooth))
        yield tried[-1]
    yield _found(tried)


def _found(tried: list[RateTried]) -> RateFound:
    lowest = min(range(len(tried)), key=lambda number: tried[number].loss)
    falls = [tried[number - 1].loss - tried[number].loss for number in range(1, lowest + 1)]
    if not falls:
        raise RequestError("The loss fell at no learning rate, so none can be advised. Check the labels.")
    steepest = tried[1 + falls.index(max(falls))].learning_rate
    # At the lowest point the loss is about to burst; a tenth of it is safe if the steepest fall lies later.
    rate = min(steepest, tried[lowest].learning_rate / 10) if lowest > 1 else steepest
    return RateFound(
        rate,
        f"The loss falls fastest at {steepest:.2g} and is lowest at {tried[lowest].learning_rate:.2g}: "
        f"train with --learning-rate {rate:.2g}.",
    )
