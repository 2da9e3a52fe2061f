"""What networks say of pictures that they did not learn from: k trainings, each without one part."""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cnngui import settings
from cnngui.cancel import Cancel
from cnngui.data.index import UNLABELLED, DatasetIndex, Record, Split
from cnngui.engine.cache import Cached, open_cache
from cnngui.engine.choose import Settled, settle
from cnngui.engine.classify import Classifier
from cnngui.engine.events import Decoding, RunEnded, RunStarted, StepDone, TrainEvent
from cnngui.engine.models import registry
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.prepare import check_trainable
from cnngui.engine.recipe import image_spec
from cnngui.engine.results import OutOfFold
from cnngui.engine.spec import TrainConfig
from cnngui.engine.train import train
from cnngui.errors import RequestError

_BATCH = 64


@dataclass(frozen=True, slots=True)
class Folding:
    """An event of training `number` (from 1) of `folds`; `done` is the share of the whole work, 0 to 1."""

    number: int
    folds: int
    done: float
    event: TrainEvent


def out_of_fold(
    index: DatasetIndex, config: TrainConfig, cancel: Cancel, folds: int = 5
) -> Iterator[Folding | OutOfFold]:
    """Train `folds` networks on the index's labelled pictures, each without one fold, and ask each about its
    own, yielding the trainings' events; the last item is the OutOfFold (none once cancelled).

    The folder's own splits do not matter here: test pictures have labels to be judged as well. Every class
    is spread evenly over the folds, and pictures of equal content are in the same one. Each training's
    best epoch is chosen, and its temperature fitted, on the fold it is asked about, which favours the
    labels as they are by very little. What `config` leaves open is decided once for all of them. Raises
    RequestError where nothing can be learnt.
    """
    if folds < 2:
        raise RequestError(f"At least 2 folds are needed, not {folds}.")
    check_trainable(index)
    settled = None
    for step in settle(index, config, cancel):
        if isinstance(step, Settled):
            settled = step
        else:
            yield Folding(1, folds, 0.0, step)
    if settled is None:
        return
    config = settled.config
    pipeline = ImagePipeline(image_spec(registry.card(config.model), config.size))
    cached = None
    for item in open_cache(index, pipeline, cancel):
        if isinstance(item, Decoding):
            yield Folding(1, folds, 0.0, item)
        else:
            cached = item
    if cached is None:
        return
    fold = spread(index.records, cached, folds, config.seed)
    rows = np.flatnonzero(fold >= 0)
    probabilities = np.zeros((len(index.records), len(index.classes)))
    for number in range(folds):
        own = np.flatnonzero(fold == number)
        if not len(own):
            continue
        with tempfile.TemporaryDirectory(prefix="folds-", dir=settings.cache_dir()) as folder:
            rest = _without(index, fold, number)
            model = yield from _trained(rest, config, Path(folder), cancel, (number, folds))
            if model is None:
                return
            classifier = Classifier.open(model, config.device)
            for some in np.array_split(own, range(_BATCH, len(own), _BATCH)):
                probabilities[some] = classifier.probabilities(list(cached.pixels[some]))
    yield OutOfFold(rows, probabilities[rows])


def spread(records: Sequence[Record], cached: Cached, folds: int, seed: int) -> npt.NDArray[np.int64]:
    """The fold of each record, int64 (records,), from 0; -1 where it has no label or cannot be read."""
    groups: dict[bytes, list[int]] = defaultdict(list)
    for row, record in enumerate(records):
        if record.label != UNLABELLED and row not in cached.unreadable:
            groups[cached.hashes[row]].append(row)
    key = seed.to_bytes(16, "big", signed=True)
    found = np.full(len(records), -1, np.int64)
    dealt: Counter[int] = Counter()
    for content in sorted(groups, key=lambda content: (blake2b(content, key=key).digest(), content)):
        label = records[groups[content][0]].label
        # Each class begins with another fold, or the first folds would be the largest.
        found[groups[content]] = (dealt[label] + label) % folds
        dealt[label] += 1
    return found


def _without(index: DatasetIndex, fold: npt.NDArray[np.int64], number: int) -> DatasetIndex:
    """The index with fold `number` for validation and all others to learn from."""
    records = tuple(
        replace(record, split=Split.VAL if place == number else Split.TRAIN)
        for record, place in zip(index.records, fold, strict=True)
    )
    return replace(index, records=records)


def _trained(
    index: DatasetIndex, config: TrainConfig, folder: Path, cancel: Cancel, place: tuple[int, int]
) -> Generator[Folding, None, Path | None]:
    """Train; the events, then the model file, or None once cancelled."""
    number, folds = place
    epochs, within = 1, 0.0
    ended = None
    for event in train(index, config, folder, cancel):
        if isinstance(event, RunStarted):
            epochs = event.epochs
        elif isinstance(event, StepDone):
            within = min(1.0, (event.epoch - 1 + event.step / event.steps) / epochs)
        elif isinstance(event, RunEnded):
            ended, within = event, 1.0
        yield Folding(number + 1, folds, (number + within) / folds, event)
    assert ended is not None
    if cancel.stopped:
        return None
    if ended.reason == "failed" or ended.model is None:
        raise RequestError(ended.sentence)
    return Path(ended.model)
