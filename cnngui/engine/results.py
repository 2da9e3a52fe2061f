"""What a network says about pictures: frozen, plain; no torch import."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Guess:
    label: str
    probability: float  # 0 to 1, after softmax and calibration


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a network says about one picture. `top` holds the best classes, best first, never empty."""

    path: str
    top: tuple[Guess, ...]
    sure: bool  # False: shown as "not sure", for want of probability or because it is not `familiar`
    familiar: bool = True  # False: unlike anything the network was trained on, whatever the probability

    @property
    def label(self) -> str:
        return self.top[0].label

    @property
    def probability(self) -> float:
        return self.top[0].probability


@dataclass(frozen=True, slots=True)
class ClassScore:
    """Of one class: what was called so and is (precision), what is so and was called so (recall)."""

    precision: float
    recall: float
    f1: float
    images: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """The pictures whose top probability lies in one of the equal parts of 0 to 1: how many there are, their
    mean probability, and the share that was right. Of a calibrated network the two are equal."""

    images: int
    probability: float
    right: float


@dataclass(frozen=True, slots=True)
class Evaluating:
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A network held against labelled pictures it was not trained on.

    `accuracy_interval` is Wilson's at 95 %; `confusion[i][j]` counts pictures of class i called class j;
    `calibration_error` is the expected calibration error over 15 equal-width bins (Guo et al. 2017), which
    `reliability` lists, empty ones left out. `balanced_accuracy` is the mean recall of the classes that have
    pictures, so that a rare class counts as much as a common one. `answered` is the share of pictures
    whose answer was sure at `unsure_below`, `answered_accuracy` the share of these that was right (None of
    none), `unfamiliar` the share that looks like nothing the network was trained on.
    """

    images: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    classes: tuple[str, ...]
    per_class: tuple[ClassScore, ...]
    confusion: tuple[tuple[int, ...], ...]
    calibration_error: float
    unreadable: tuple[tuple[str, str], ...]  # (path, reason)
    balanced_accuracy: float
    reliability: tuple[Reliability, ...]
    unsure_below: float
    answered: float
    answered_accuracy: float | None
    unfamiliar: float


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """What networks said of pictures that they had not learnt from.

    `positions` (n,) in the index's records; `probabilities` (n, classes), rows that add up to 1, columns
    in the order of the index's classes. The labels are the index's.
    """

    positions: "npt.NDArray[np.int64]"
    probabilities: "npt.NDArray[np.float64]"
