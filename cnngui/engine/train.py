"""A training, put together: the pictures, the network, the recipe and the loop that works on them.

It never prints, draws or knows who is watching.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch

from cnngui.cancel import Cancel
from cnngui.data.index import DatasetIndex
from cnngui.engine import checkpoint
from cnngui.engine.batches import Batches
from cnngui.engine.checkpoint import LAST, Place
from cnngui.engine.clock import Clock
from cnngui.engine.device import DeviceChoice, choose
from cnngui.engine.distributed import ALONE, Team
from cnngui.engine.events import EpochDone, TrainEvent
from cnngui.engine.loop import Loop
from cnngui.engine.memory import keep_large_blocks
from cnngui.engine.models import registry
from cnngui.engine.options import no_effect
from cnngui.engine.outcome import STOPPED_BEFORE, nothing_done
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.precision import measured
from cnngui.engine.prepare import prepared
from cnngui.engine.quick import Quick, fine_tuning
from cnngui.engine.recipe import balance, image_spec, recipe, set_dropout
from cnngui.engine.spec import TrainConfig
from cnngui.engine.step import Stepper
from cnngui.engine.weights.file import read, take


def train(
    index: DatasetIndex,
    config: TrainConfig,
    run_folder: Path,
    cancel: Cancel,
    resume: bool = False,
    longer: int = 0,
    team: Team = ALONE,
) -> Iterator[TrainEvent]:
    """Train on the index's pictures and leave `best.safetensors` and `last.ckpt` in `run_folder`.

    Events come in this order: Decoding, RunStarted, StepDone and EpochDone, RunEnded. RunEnded is always
    the last one; when the work was stopped before a network was made it is the only one beside Decoding.
    With `resume` the run goes on from the folder's checkpoint, and with `longer` above 0 for so many epochs
    more than it had. Every process of a `team` has to call this, with the same arguments; the leader's events
    tell of all, and it alone writes files. Raises RequestError when the request cannot be met (no classes, no
    pictures, no such device, no room on the disk).
    """
    clock = Clock()
    keep_large_blocks()
    card = registry.card(config.model)
    pipeline = ImagePipeline(image_spec(card, config.size))
    device = choose(team.device(config.device), config.precision)
    data = yield from prepared(index, config, pipeline, cancel)
    if team.sums([data is None])[0] or data is None:  # one that was stopped stops all
        yield nothing_done("stopped", STOPPED_BEFORE, run_folder, clock.seconds())
        return
    numbers = recipe(config, card, len(data.train), len(index.classes))
    # The last layer is drawn only where it is not fitted, the others where there are no weights.
    made = registry.build if config.weights is None or config.method == "scratch" else registry.blank
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        network = made(config.model, len(index.classes))
    set_dropout(network, config.dropout)
    if config.weights is not None and not resume:  # else the checkpoint has them, changed
        said = take(read(Path(config.weights)), config.model, index.classes, network)
        data = replace(data, notes=(*data.notes, said))
    # The last layer alone is fitted to the pictures as they are.
    wish = "none" if config.method == "quick" else config.balance
    even = balance(wish, data.labels[data.train], index.classes)
    data = replace(data, notes=(*data.notes, *no_effect(config), *even.notes))
    if config.method == "best":
        numbers = fine_tuning(numbers, config, network)
    before: list[EpochDone] | None = None  # epochs of the last layer alone
    if config.method != "scratch" and not resume:
        quick = Quick(data, config, device, network, run_folder, cancel, clock, numbers)
        yield quick.introduction()
        before = yield from quick.work()
        if before is None:
            return
    place = checkpoint.place_of(run_folder / LAST) if resume else None
    if config.precision == "auto":
        if place is None:
            device = measured(device, network, config.model, pipeline.spec.size, numbers.batch_size)
        device = _agreed(device, config.device, team, place)
    batches = Batches(data.cached, data.labels, data.pipeline, device.device)
    stepper = Stepper(network, numbers, device, batches, even.loss_weights, config.seed, team)
    loop = Loop(data, config, even, stepper, batches, run_folder, cancel, clock)
    if place is not None:
        loop.go_back_to(checkpoint.load(run_folder / LAST, stepper))
    if longer:
        loop.go_on_for(longer)
    if before is None:
        yield loop.introduction()
    else:
        loop.go_on_after(before)
    yield from loop.work()


def _agreed(device: DeviceChoice, asked: str, team: Team, place: Place | None) -> DeviceChoice:
    """`device` in the precision of the checkpoint, if there is one, else in the leader's: another precision
    would give another network."""
    precision = team.told(device.precision if place is None else place.precision)
    same = precision == device.precision
    # A checkpoint of a card may be gone on with on a processor, which has no float16.
    if same or (precision == "float16" and not device.device.startswith("cuda")):
        return device
    return choose(team.device(asked), precision)
