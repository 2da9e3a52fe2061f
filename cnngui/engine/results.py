"""What a network says about pictures: frozen, plain; no torch import."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guess:
    label: str
    probability: float  # 0 to 1, after softmax and calibration


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a network says about one picture. `top` holds the best classes, best first, never empty."""

    path: str
    top: tuple[Guess, ...]
    sure: bool  # False: shown as "not sure"

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
class Evaluating:
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A network held against labelled pictures it was not trained on.

    `accuracy_interval` is Wilson's at 95 %; `confusion[i][j]` counts pictures of class i called class j;
    `calibration_error` is the expected calibration error over 15 equal-width bins (Guo et al. 2017).
    """

    images: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    classes: tuple[str, ...]
    per_class: tuple[ClassScore, ...]
    confusion: tuple[tuple[int, ...], ...]
    calibration_error: float
    unreadable: tuple[tuple[str, str], ...]  # (path, reason)
