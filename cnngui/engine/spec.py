"""What a network wants to see and how it is trained: plain frozen values, no torch."""

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

# Trainings by which the labels of a folder are judged, each of all but its part of the pictures.
LABEL_FOLDS = 5

# No prepared picture is larger, in pixels a side: a damaged model file must not ask for all the memory.
_LARGEST = 4096

# At a picture, whose mean is the answer. 1: the picture itself; 2: and its mirror image; 6: and both moved
# by a pixel, up and left as well as down and right.
Looks = Literal[1, 2, 6]
LOOKS: tuple[Looks, ...] = get_args(Looks)

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
        if not 1 <= self.size <= self.resize <= _LARGEST:
            raise ValueError(f"1 <= size {self.size} <= resize {self.resize} <= {_LARGEST} does not hold")


def part(default: Any, sentence: str, **rest: Any) -> Any:
    """A field of TrainConfig that is a part of the recipe: `options.OPTIONS` is drawn from these."""
    return field(default=default, metadata={"sentence": sentence, **rest})


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """How to train. None means: the model's card and the number of pictures decide.

    `model`, `method` and `weights` may be "auto", as in `UNASKED`: `runs.run` then has `choose.settle` decide
    them before the training begins.
    """

    model: str = "simple_cnn"
    # scratch: the whole network at once, from random numbers or from `weights`. quick: the features of a
    # network that has learnt from photographs before, and a new last layer. best: the same, then all of it.
    method: str = "scratch"
    size: int | None = None
    epochs: int | None = None
    minutes: float | None = None  # end the run, schedule included, within this time
    batch_size: int | None = None
    learning_rate: float | None = None  # peak of the schedule
    augment: bool = True
    # Used only where the folder has no validation split of its own. None: a fifth, at most 5,000 pictures.
    val_fraction: float | None = None
    weights: str | None = None  # a file of weights to begin from; auto: those that are published
    seed: int = 0
    device: str = "auto"  # auto, cpu, cuda, cuda:N, mps
    precision: str = "auto"  # auto, float32, bfloat16, float16 (CUDA alone)

    # --- the parts of the recipe, each by itself on or off --------------------------------------------

    schedule: str = part(
        "one_cycle",
        "How the learning rate runs: one_cycle rises for a fifth of the training, cosine for a twentieth; "
        "both then fall to nothing.",
        choices=("one_cycle", "cosine"),
    )
    warm_up: float | None = part(
        None,
        "The share of the training in which the learning rate rises, if not the schedule's own.",
        kind=float,
        minimum=0.0,
        maximum=0.9,
    )
    optimizer: str = part(
        "auto",
        "What turns gradients into steps: adamw, or muon, which moves inner layers equally far in every "
        "direction and gets further in few epochs; auto leaves it to the network.",
        choices=("auto", "adamw", "muon"),
    )
    weight_decay: float | None = part(
        None,
        "Pulls the weights towards zero, against learning pictures by heart; biases and norms are left out.",
        kind=float,
        minimum=0.0,
        maximum=10.0,
    )
    label_smoothing: float = part(
        0.1,
        "Asks for a little less than full certainty in every answer, against overconfidence.",
        minimum=0.0,
        maximum=0.5,
    )
    dropout: float | None = part(
        None,
        "The share of values that dropout layers silence, in networks that have such layers.",
        kind=float,
        minimum=0.0,
        maximum=0.9,
    )
    ema: float | None = part(
        None,
        "Judges and keeps a running average of the weights, this share of which stays at each step "
        "(0.999: about the last thousand steps); 0 keeps the last weights.",
        kind=float,
        minimum=0.0,
        maximum=0.99999,
        title="Weight averaging",
    )
    clip_gradients: float = part(
        0.0,
        "The largest norm that all gradients together may have; 0 sets no limit.",
        minimum=0.0,
        maximum=1e6,
    )
    patience: int = part(
        0,
        "Ends the training after so many epochs without a better one; 0 never does.",
        minimum=0,
        maximum=10_000,
    )
    balance: str = part(
        "auto",
        "What is done where classes have unequal numbers of pictures: sampling draws every class equally "
        "often, weighting counts rare ones more; auto weights from four to one on.",
        choices=("auto", "none", "sampling", "weighting"),
    )
    shift: float | None = part(
        None,
        "Moves each picture by up to this share of its side; what comes in at the edge is its mirror image.",
        kind=float,
        minimum=0.0,
        augments=True,
        maximum=0.5,
    )
    erase: float | None = part(
        None,
        "Covers a square of this share of the side at a random place in each picture.",
        kind=float,
        minimum=0.0,
        augments=True,
        maximum=0.9,
    )
    resized_crop: float = part(
        0.0,
        "Cuts out a random part of at least this share of the picture and scales it up; 0 shifts instead.",
        augments=True,
        minimum=0.0,
        maximum=1.0,
    )
    colour_jitter: float = part(
        0.0,
        "Changes brightness, contrast and saturation at random by up to this share.",
        augments=True,
        minimum=0.0,
        maximum=0.9,
    )
    trivial_augment: bool = part(
        False,
        "Changes each picture in one random way of fourteen: turned, sheared, darker, sharper and so on.",
        augments=True,
    )
    mixup: float = part(
        0.0,
        "Blends pairs of pictures and their labels; the number is the alpha of the beta distribution.",
        minimum=0.0,
        maximum=8.0,
    )
    cutmix: float = part(
        0.0,
        "Pastes a part of one picture into another and mixes the labels alike; the alpha, as for mixup.",
        minimum=0.0,
        maximum=8.0,
    )


# What the window and the command line ask for where nothing was chosen.
UNASKED = TrainConfig(model="auto", method="auto", weights="auto")
