"""What "auto" comes to: which network, which method and which weights, and the sentence that says why."""

import math
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from cnngui.cancel import Cancel
from cnngui.data.index import UNLABELLED, DatasetIndex, Split
from cnngui.data.sides import typical_side
from cnngui.engine import device
from cnngui.engine.events import Download, Notice
from cnngui.engine.models import registry
from cnngui.engine.recipe import recipe
from cnngui.engine.spec import TrainConfig
from cnngui.engine.weights import published
from cnngui.engine.weights.download import UnreachableError, download
from cnngui.engine.weights.file import identify, read
from cnngui.errors import RequestError

AUTO = "auto"
METHODS = (AUTO, "scratch", "quick", "best")

_SMALL = 64  # pixels: pictures up to here are learnt from scratch

_TINY_NETWORK = "simple_cnn"
_SCRATCH_NETWORK, _SCRATCH_SIZE = "resnet_small", 64  # for photographs without weights
_PHOTO_NETWORK = {"cpu": "mobilenet_v3_large", "mps": "resnet50", "cuda": "convnext_tiny"}

# Below this many pictures of a class, fine-tuning learns them by heart. MobileNet V2 on CIFAR-10 at 96 pixels
# loses 4 points by it with 10 of each class, gains 2 with 20, 3 with 40, 8 with 100 and 14 with 300.
_FEW = 40

# Fine-tuning on a processor takes 8 epochs of about 40 pictures a second (a MobileNet on two cores with AMX).
_SECONDS_PER_PICTURE = 8 / 40
_SHORT = 5  # minutes of it that need not be asked for

# A step of the larger network for small pictures, and each picture of its batch at 32 × 32 (the same two
# cores; most of the former is Muon's).
_SECONDS_PER_STEP, _SECONDS_PER_SMALL_PICTURE = 0.07, 0.002


@dataclass(frozen=True, slots=True)
class Settled:
    """A configuration with nothing left open, what was decided, in sentences, and what could not be done as
    it was asked for."""

    config: TrainConfig
    notes: tuple[str, ...]
    notices: tuple[Notice, ...] = ()


def settle(index: DatasetIndex, config: TrainConfig, cancel: Cancel) -> Iterator[Download | Settled]:
    """Decide what `config` leaves open, and bring published weights into the cache where they are wanted.

    Yields the progress of a download; the last item is the Settled (none once cancelled). Where weights
    cannot be downloaded, it says so and what to do, and settles for training from scratch. Raises
    RequestError for what does not go together.
    """
    if config.method not in METHODS:
        raise RequestError(f"There is no method “{config.method}”. Use {', '.join(METHODS)}.")
    picked, notes = _network(index, config) if config.model == AUTO else (config, ())
    card = registry.card(picked.model)
    if picked.weights == AUTO:
        weights = None
        if card.published is not None and picked.method != "scratch":
            url = published.address(card.published)
            try:
                weights = yield from _downloaded(url, cancel)
            except UnreachableError as error:
                yield _without_weights(config, picked, url, error)
                return
            if weights is None:
                return
        picked = replace(picked, weights=None if weights is None else str(weights))
    if picked.method in ("quick", "best") and picked.weights is None:
        raise RequestError(
            f"The method {picked.method} begins with what a network has learnt from other pictures, and "
            f"{picked.model} has no weights to begin with. Choose another network, or weights from a file."
        )
    if picked.method != AUTO:
        yield Settled(picked, notes)
        return
    method, why = _method(index, picked)
    yield Settled(replace(picked, method=method), (*notes, why) if why else notes)


def settled(
    index: DatasetIndex, config: TrainConfig, cancel: Cancel
) -> Generator[Download, None, Settled | None]:
    """As `settle`, for `yield from`: the Settled, or None once cancelled, is what it returns."""
    found = None
    for item in settle(index, config, cancel):
        if isinstance(item, Download):
            yield item
        else:
            found = item
    return found


def _downloaded(url: str, cancel: Cancel) -> Generator[Download, None, Path | None]:
    path = None
    for item in download(url, cancel):
        if isinstance(item, Download):
            yield item
        else:
            path = item
    return path


def _without_weights(asked: TrainConfig, picked: TrainConfig, url: str, error: UnreachableError) -> Settled:
    """What is done where published weights cannot be had."""
    notice = Notice(
        f"Trained from scratch, which needs many more pictures: {error} To begin with what {picked.model} "
        f"has learnt, let this computer reach {urlsplit(url).hostname} and train again; or download the file "
        "elsewhere and choose it in the window's settings as “Weights to begin with”, on the command line "
        "with --weights FILE."
    )
    config = replace(picked, weights=None, method="scratch")
    if asked.model == AUTO:
        config = replace(config, model=_SCRATCH_NETWORK, size=asked.size or _SCRATCH_SIZE)
    return Settled(config, (), (notice,))


def _network(index: DatasetIndex, config: TrainConfig) -> tuple[TrainConfig, tuple[str, ...]]:
    """The network for these pictures, or for the weights that were given."""
    if config.weights not in (None, AUTO):
        name = identify(read(Path(config.weights or "")))
        return replace(config, model=name), (f"The weights are those of {name}.",)
    side = typical_side(index)
    learnt_before = config.method in ("quick", "best")
    if side is not None and side <= _SMALL and not learnt_before:
        return _small(index, config, side)
    if (config.weights is None or config.method == "scratch") and not learnt_before:
        size = config.size or _SCRATCH_SIZE
        note = (
            f"Chosen for these pictures: {_SCRATCH_NETWORK} at {size} pixels, the most that is worth "
            "learning from scratch."
        )
        return replace(config, model=_SCRATCH_NETWORK, size=size), (note,)
    kind = device.choose(config.device, config.precision).device.split(":")[0]
    name = _PHOTO_NETWORK[kind]
    on = "a processor" if kind == "cpu" else "this graphics card"
    note = f"Chosen for these pictures: {name}, which knows photographs already and is quick on {on}."
    return replace(config, model=name), (note,)


def _small(index: DatasetIndex, config: TrainConfig, side: int) -> tuple[TrainConfig, tuple[str, ...]]:
    """The network for pictures of `side` pixels, small enough to be learnt from scratch: the better one where
    there is time for it."""
    size = config.size or max(side, 32)
    better = replace(config, model=_SCRATCH_NETWORK, weights=None, size=size)
    needed = _minutes(index, better, size)
    why = f"since {side} pixels are learnt well from scratch"
    if config.size not in (None, registry.card(_TINY_NETWORK).spec.size):
        picked = better  # the other one cannot take that size
    elif device.choose(config.device, config.precision).device != "cpu":
        picked, why = better, f"{why} and this graphics card is quick"
    elif config.minutes is not None and config.minutes >= needed:
        picked, why = better, f"{why} and it takes about {needed} of the {config.minutes:g} min"
    else:
        picked = replace(config, model=_TINY_NETWORK, weights=None)
        why = f"{why}; {_SCRATCH_NETWORK} is more accurate and takes about {needed} min"
    return picked, (f"Chosen for these pictures: {picked.model}, {why}.",)


def _minutes(index: DatasetIndex, better: TrainConfig, size: int) -> int:
    """What the larger network for small pictures takes on a processor, left to end by itself."""
    pictures = sum(_per_class(index).values())
    made = recipe(replace(better, minutes=None), registry.card(_SCRATCH_NETWORK), pictures)
    each = _SECONDS_PER_SMALL_PICTURE * (size / 32) ** 2
    steps = math.ceil(pictures / made.batch_size)
    return max(1, round(made.epochs * (steps * _SECONDS_PER_STEP + pictures * each) / 60))


def _per_class(index: DatasetIndex) -> Counter[int]:
    """How many pictures of each class there are to learn from."""
    return Counter(
        record.label
        for record in index.records
        if record.label != UNLABELLED and record.split in (Split.UNSPLIT, Split.TRAIN)
    )


def _method(index: DatasetIndex, config: TrainConfig) -> tuple[str, str]:
    """The method, and why; nothing needs saying where there is no choice."""
    if config.weights is None or registry.card(config.model).published is None:
        return "scratch", ""
    labels = _per_class(index)
    pictures, few = sum(labels.values()), min(labels.values(), default=0)
    if few < _FEW:
        return "quick", f"Method quick: a class has only {few} pictures, too few to change the whole network."
    if device.choose(config.device, config.precision).device != "cpu":
        return "best", "Method best: a graphics card fine-tunes the whole network in little time."
    needed = max(1, round(pictures * _SECONDS_PER_PICTURE / 60))
    if config.minutes is None and needed <= _SHORT:
        return "best", f"Method best: fine-tuning takes about {needed} min; stopping keeps the best so far."
    if config.minutes is not None and config.minutes >= needed:
        return "best", f"Method best: fine-tuning takes about {needed} of the {config.minutes:g} min."
    return "quick", (
        f"Method quick: on a processor, fine-tuning would take about {needed} min; choose best for it."
    )
