"""Whether the way files were made gives their classes away: a tiny classifier on one mark at a time.

For each mark (size, aspect, mode, format, frame) a table of how often each of its values comes with each
class is learnt on four fifths of the pictures and asked about the rest, five times. A class leaks where
the table finds it far more often than it takes others for it (Youden's J, hits less false alarms), and
surely so.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Final

from cnngui.data.facts import ImageFacts

_FOLDS: Final = 5
ADVANTAGE: Final = 0.5
"""The least J that is spoken of. Photographs of ants and bees from the web reach 0.16 (bees' are larger),
CIFAR-10 and the drawn sample 0.1."""
_SURE: Final = 0.3
"""The lower bound of J must reach this, at 4 standard errors: some hundred classes and marks are tried at
once."""
_ERRORS: Final = 4.0
_FEWEST: Final = 10
"""A class of fewer pictures may well come from one place and one camera by chance."""
_STEPS_PER_DOUBLING: Final = 4


@dataclass(frozen=True, slots=True)
class Leak:
    """By `mark` alone, `hits` of class `label` are found and `false_alarms` of the others taken for it, 0
    to 1."""

    label: int
    mark: str
    hits: float
    false_alarms: float

    @property
    def advantage(self) -> float:
        """Youden's J."""
        return self.hits - self.false_alarms


def leaks(images: Sequence[ImageFacts], labels: Sequence[int]) -> list[Leak]:
    """The classes that a mark gives away, each with its strongest mark."""
    folds = [image.digest[0] % _FOLDS for image in images]  # equal pictures stay together
    best: dict[int, Leak] = {}
    for mark, value in MARKS.items():
        for leak in _of_mark(mark, [value(image) for image in images], labels, folds):
            if leak.label not in best or leak.advantage > best[leak.label].advantage:
                best[leak.label] = leak
    return sorted(best.values(), key=lambda leak: leak.label)


def _of_mark(
    mark: str, values: Sequence[Hashable], labels: Sequence[int], folds: Sequence[int]
) -> list[Leak]:
    together = Counter(zip(values, labels, folds, strict=True))
    of_class = Counter(labels)
    total = len(labels)
    cells: dict[Hashable, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0] * _FOLDS))
    for (value, label, fold), count in together.items():
        cells[value][label][fold] += count
    hits: Counter[int] = Counter()
    alarms: Counter[int] = Counter()
    for by_label in cells.values():
        for fold in range(_FOLDS):
            learnt = {label: sum(counts) - counts[fold] for label, counts in by_label.items()}
            seen = sum(learnt.values())
            for label, count in learnt.items():
                # Said to be of the class where the value is more frequent within it than among the others.
                others = total - of_class[label]
                if count and others and count / of_class[label] > (seen - count) / others:
                    asked = sum(counts[fold] for counts in by_label.values())
                    hits[label] += by_label[label][fold]
                    alarms[label] += asked - by_label[label][fold]
    found = []
    for label, own in of_class.items():
        others = total - own
        if own < _FEWEST or others < _FEWEST:
            continue
        leak = Leak(label, mark, hits[label] / own, alarms[label] / others)
        if leak.advantage >= ADVANTAGE and leak.advantage - _ERRORS * _error(leak, own, others) >= _SURE:
            found.append(leak)
    return found


def _error(leak: Leak, own: int, others: int) -> float:
    """The standard error of J, each share drawn towards a half by Agresti and Coull's four more cases."""
    hits = (leak.hits * own + 2) / (own + 4)
    alarms = (leak.false_alarms * others + 2) / (others + 4)
    return math.sqrt(hits * (1 - hits) / (own + 4) + alarms * (1 - alarms) / (others + 4))


def _steps(value: float) -> int:
    return round(math.log2(max(value, 1e-6)) * _STEPS_PER_DOUBLING)


def _frame(image: ImageFacts) -> Hashable:
    frame = image.measures.frame
    return None if frame is None else tuple(channel // 64 for channel in frame)


MARKS: Final[dict[str, Callable[[ImageFacts], Hashable]]] = {
    "size in pixels": lambda image: (image.width, image.height),
    "number of pixels": lambda image: _steps(image.width * image.height),
    "shape (width to height)": lambda image: _steps(image.width / image.height),
    "mode": lambda image: image.mode,
    "file format": lambda image: image.format,
    "frame": _frame,
}
"""What is looked at: nothing of what a picture shows in its middle, and of its border only whether it is
of one colour, and of which (in steps of 64 levels)."""
