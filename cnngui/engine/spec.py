"""What a network wants to see and how it is trained: plain frozen values, no torch."""

from dataclasses import dataclass
from typing import Literal

Fit = Literal["crop", "pad", "stretch"]
Scaling = Literal["bilinear", "bicubic"]

# Mean and standard deviation of ImageNet's training pictures in RGB at 0 to 1: what torchvision's
# weights expect, and near enough to any collection of photographs.
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


@dataclass(frozen=True, slots=True)
class ImageSpec:
    """The picture a network takes: `size` × `size` RGB, normalised per channel.

    A picture is first brought to `resize` × `resize` (this is what is cached): `crop` scales the shorter
    side to `resize` and keeps the middle, `pad` scales the longer side and fills up with grey, `stretch`
    ignores the proportions. The network then sees the middle `size` × `size`; training may take
    any other window of that size. `mean` and `std` are of RGB values scaled to 0 to 1. `scaling` is how
    pixels are interpolated, always antialiased.
    """

    size: int
    resize: int
    fit: Fit = "crop"
    mean: tuple[float, float, float] = IMAGENET_MEAN
    std: tuple[float, float, float] = IMAGENET_STD
    scaling: Scaling = "bilinear"

    def __post_init__(self) -> None:
        if not 1 <= self.size <= self.resize:
            raise ValueError(f"size {self.size} must be between 1 and resize {self.resize}")


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """How to train. None means: the model's card and the number of pictures decide.

    `model`, `method` and `weights` may be "auto": `runs.run` then has `choose.settle` decide them before the
    training begins.
    """

    model: str = "simple_cnn"
    # scratch: the whole network at once, from random numbers or from `weights`. quick: the features of a
    # network that has learnt from photographs before, and a new last layer. best: the same, then all of it.
    method: str = "scratch"
    size: int | None = None
    epochs: int | None = None
    minutes: float | None = None  # end the run, schedule included, within this time
    batch_size: int | None = None
    learning_rate: float | None = None  # peak of the one-cycle schedule
    weight_decay: float | None = None
    label_smoothing: float = 0.1
    augment: bool = True
    erase: float | None = None  # share of the side that augmentation erases; see `augment.erased`
    # Used only where the folder has no validation split of its own. None: a fifth, at most 5,000 pictures.
    val_fraction: float | None = None
    weights: str | None = None  # a file of weights to begin from; auto: those that are published
    seed: int = 0
    device: str = "auto"  # auto, cpu, cuda, cuda:N, mps
    precision: str = "auto"  # auto, float32, bfloat16
