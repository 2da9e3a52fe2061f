"""A training watched from outside, and the steps that it is made of: what the benchmark of cards measures.

`device` is cuda or cpu throughout.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import torch
from torch import Generator, Tensor

from cnngui.cancel import Cancel
from cnngui.data.index import DatasetIndex, scan
from cnngui.engine import batches
from cnngui.engine.augment import Augmentation
from cnngui.engine.batches import Batches, seeded
from cnngui.engine.device import choose
from cnngui.engine.events import EpochDone, RunEnded, RunStarted, StepDone
from cnngui.engine.memory import keep_large_blocks
from cnngui.engine.models import registry
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.prepare import Prepared, prepare
from cnngui.engine.recipe import image_spec, recipe
from cnngui.engine.runs import run
from cnngui.engine.spec import TrainConfig
from cnngui.engine.step import Stepper
from cnngui.errors import RequestError

_REPEATS, _WARM_UP = 20, 3  # of a step and of its parts


@dataclass(frozen=True)
class Training:
    """An ordinary training."""

    started: RunStarted
    model: Path
    seconds: float  # from the first step to the end of the last epoch
    speed: float  # images/s of the steps of all epochs but the first; 0 where that was the only one
    peak: int | None  # see `peak`


@dataclass(frozen=True)
class Step:
    """What a Stepper does by itself."""

    speed: float  # images/s on tensors that are on the device
    whole: float  # seconds of a step with pictures from the cache; the others are parts of it
    pictures: float
    optimizer: float

    def __str__(self) -> str:
        network = self.whole - self.pictures - self.optimizer
        parts = {"pictures": self.pictures, "network": network, "optimiser": self.optimizer}
        shown = ", ".join(f"{name} {1000 * seconds:.2f}" for name, seconds in parts.items())
        return f"a step takes {1000 * self.whole:.2f} ms: {shown}"


def scanned(folder: Path) -> DatasetIndex:
    *_, index = scan(folder, Cancel())
    assert isinstance(index, DatasetIndex)
    return index


def trained(index: DatasetIndex, config: TrainConfig) -> Training:
    """Train as the program does. Raises RequestError where that fails."""
    started, model = None, None
    begun = ended = stepping = 0.0
    images = 0
    for event in run(index, config, Cancel()):
        now = time.perf_counter()
        if isinstance(event, RunStarted):
            started, begun = event, now
        elif isinstance(event, StepDone) and event.step == event.steps and event.epoch > 1:
            assert started is not None
            # The losses have been fetched from the device, so that the steps are done.
            stepping, images = stepping + now - ended, images + started.train_images
        elif isinstance(event, EpochDone):
            ended = now
        elif isinstance(event, RunEnded):
            if event.model is None or event.reason != "finished":
                raise RequestError(event.sentence)
            model = Path(event.model)
    assert started is not None
    assert model is not None
    return Training(started, model, ended - begun, images / stepping if images else 0.0, peak(config.device))


def stepped(folder: Path, config: TrainConfig, on_card: bool = True) -> Step:
    """The Stepper that `config` comes to, without the loop around it; `on_card` as for `pictures`."""
    keep_large_blocks()
    index, card = scanned(folder), registry.card(config.model)
    pipeline = ImagePipeline(image_spec(card, config.size))
    *_, data = prepare(index, config, pipeline, Cancel())
    assert isinstance(data, Prepared)
    numbers = recipe(config, card, len(data.train), len(index.classes))
    device = choose(config.device, config.precision)
    with pictures(on_card):
        real = Batches(data.cached, data.labels, pipeline, device.device)
    network, some = registry.build(config.model, len(index.classes)), data.train[: numbers.batch_size]

    def batch() -> tuple[Tensor, Tensor]:
        return real.training(some, numbers.augmentation, 1, seeded(config.seed))

    stepper = Stepper(network, numbers, device, real, None, config.seed)
    stepper.begin()
    whole = _seconds(lambda: stepper.step(some, 1, 0), config.device)
    optimizer = _seconds(stepper.optimizer.step, config.device)
    ready = Stepper(network, numbers, device, Ready(*batch()), None, config.seed)
    quickest = _seconds(lambda: ready.step(some, 1, 0), config.device, each=False)
    return Step(len(some) / quickest, whole, _seconds(batch, config.device), optimizer)


class Ready(Batches):
    """One batch that is on the device already, again and again."""

    def __init__(self, images: Tensor, labels: Tensor) -> None:
        self._batch = images, labels

    def training(
        self, numbers: Tensor, how: Augmentation | None, epoch: int, generator: Generator
    ) -> tuple[Tensor, Tensor]:
        return self._batch


def pictures(on_card: bool) -> AbstractContextManager[object]:
    """While inside, decoded pictures go to a card that has room for them; with `on_card` false they stay in
    the memory map, as where there is none."""
    return mock.patch.object(batches, "_SHARE_OF_CARD", batches._SHARE_OF_CARD if on_card else 0.0)


def peak(device: str) -> int | None:
    """The most bytes that this process's tensors have taken on the card at a time; None without one."""
    return None if device == "cpu" else torch.cuda.max_memory_allocated()


def _seconds(work: Callable[[], object], device: str, each: bool = True) -> float:
    """What `work` takes, on average; the device is waited for after `each` of the calls, or after all."""
    for _ in range(_WARM_UP):
        work()
    _wait(device)
    started = time.perf_counter()
    for _ in range(_REPEATS):
        work()
        if each:
            _wait(device)
    _wait(device)
    return (time.perf_counter() - started) / _REPEATS


def _wait(device: str) -> None:
    if device != "cpu":
        torch.cuda.synchronize()
