"""The header of a model file: everything about a network but its numbers. Read without torch."""

from dataclasses import dataclass
from pathlib import Path

from cnngui.engine.spec import ImageSpec

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class ModelHeader:
    """What a model file says of itself; see `read`."""

    architecture: str
    classes: tuple[str, ...]
    spec: ImageSpec
    parameters: int
    temperature: float  # logits are divided by it before softmax
    unsure_below: float  # a top probability below it is shown as "not sure"
    val_images: int
    val_accuracy: float | None
    val_accuracy_interval: tuple[float, float] | None
    val_loss: float | None
    fingerprint: str  # of the data set it was trained on
    config: dict[str, str | int | float | bool | None]
    versions: dict[str, str]
    created: str  # ISO 8601, UTC
    note: str  # how it was made and what it does not know, for people


def read(path: Path) -> ModelHeader:
    """Read the header alone.

    Raises RequestError with a sentence for a file that is missing, cut short, a pickle, of a later
    version of the format, or not a cnngui model file.
    """
    raise NotImplementedError  # replaced in the next commit
