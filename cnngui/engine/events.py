"""What a training says while it runs: frozen, plain, no tensor crosses a thread; no torch import."""

from dataclasses import dataclass
from typing import Literal

StopReason = Literal["finished", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Decoding:
    """Pictures are being read into the cache: `done` of `total`."""

    done: int
    total: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Download:
    """A file is being downloaded: `done` of `total` bytes; `total` is None where the server does not say."""

    name: str
    done: int
    total: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The first step is about to be made. `device` is a sentence that says what is used and why."""

    run_folder: str
    model: str
    parameters: int
    classes: tuple[str, ...]
    train_images: int
    val_images: int
    unreadable: tuple[tuple[str, str], ...]  # (path, reason)
    notes: tuple[str, ...]  # sentences: how the split was made, what was left out
    device: str
    precision: str
    epochs: int
    first_epoch: int  # 1, or where a resumed run goes on
    steps_per_epoch: int
    batch_size: int
    history: tuple["EpochDone", ...] = ()  # epochs done before a resume
    method: str = "scratch"  # scratch, quick or best; see `TrainConfig.method`


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step of the optimiser is done. Reported at most 20 times a second: `loss` is the mean cross-entropy
    over the steps since the last report, `images_per_second` their speed; `eta_seconds` is until the end."""

    epoch: int  # from 1
    step: int  # from 1, within the epoch
    steps: int
    loss: float
    learning_rate: float
    images_per_second: float
    eta_seconds: float


@dataclass(frozen=True, slots=True)
class Health:
    """What one step showed of the inside of the network; sampled, so that it costs next to nothing.

    `loss` is that of the step's batch and may be NaN or infinite: then it is the last event but RunEnded.
    Gradients are as they were before the optimiser's step. `dead` names the layers whose ReLU follows,
    with the share (0 to 1) of its channels or features that were zero on the whole batch; `saturated`
    those whose sigmoid or tanh follows, with the share of values within 1 % of its ends.
    """

    epoch: int  # from 1
    step: int  # from 1, within the epoch
    loss: float
    learning_rate: float
    training: bool  # whether the network is in training mode
    mode_layers: int  # layers for which that makes a difference: dropout and batch norm
    trainable: int  # tensors that the optimiser should change
    changed: int  # and those that this step changed
    without_gradient: tuple[str, ...]  # and those that got no gradient, not even zero
    grad_norm: float  # L2 norm of all gradients together
    first_gradient: float  # L2 norm of the first layer's gradient by that of its weights
    last_gradient: float  # the same of the last layer
    update_ratio: float  # L2 norm of this step's change by that of the weights
    dead: tuple[tuple[str, float], ...] = ()
    saturated: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class EpochDone:
    """One pass over the training pictures and the validation after it. Accuracies are 0 to 1.

    `val_loss` and `val_accuracy` are None where there are no validation pictures. `train_loss` and
    `train_accuracy` are running means over the epoch's augmented batches. `learning_rate` is that of the last
    step, 0 where the last layer was solved for without steps, as in Quick. `best`: this epoch's network
    is the best so far and was saved.
    """

    epoch: int
    epochs: int
    train_loss: float
    train_accuracy: float
    val_loss: float | None
    val_accuracy: float | None
    learning_rate: float
    seconds: float
    images_per_second: float
    best: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that went otherwise than was asked for, and what was done about it, in a sentence."""

    sentence: str


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The last event, always. `model` is the saved model file, or None if no epoch came to its end."""

    reason: StopReason
    sentence: str
    model: str | None
    run_folder: str
    epochs: int  # done
    best_epoch: int
    seconds: float
    train_images_per_second: float  # over the later epochs, or the only one
    first_epoch_seconds: float  # with decoding
    val_images: int
    val_accuracy: float | None
    val_accuracy_interval: tuple[float, float] | None  # Wilson, 95 %
    val_loss: float | None


TrainEvent = Download | Decoding | RunStarted | StepDone | Health | EpochDone | Notice | RunEnded
