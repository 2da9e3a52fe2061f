"""How a training ended, as its last event and in words."""

from collections.abc import Sequence
from pathlib import Path

import torch

from cnngui.engine.events import EpochDone, RunEnded, StopReason
from cnngui.engine.header import ModelHeader

STOPPED_BEFORE = "Stopped before the training began; nothing was changed."

_SENTENCES = {"finished": "The training is finished.", "stopped": "Stopped; the best model so far is kept."}

TOO_SHORT = "The {:g} minutes were over before the first step. Allow more."

GAVE_UP = "No epoch of the last {} was better, so the training ended early; the best model is kept."


def outcome(
    reason: StopReason,
    sentence: str,
    best: Path,
    header: ModelHeader,
    history: Sequence[EpochDone],
    seconds: float,
) -> RunEnded:
    """The end of a run with the model `best`; an empty `sentence` becomes the reason's usual one."""
    later = history[1:] or history
    return RunEnded(
        reason=reason,
        sentence=sentence or _SENTENCES[reason],
        model=str(best),
        run_folder=str(best.parent),
        epochs=len(history),
        best_epoch=max(epoch.epoch for epoch in history if epoch.best),
        seconds=seconds,
        train_images_per_second=sum(e.images_per_second for e in later) / len(later),
        first_epoch_seconds=history[0].seconds,
        val_images=header.val_images,
        val_accuracy=header.val_accuracy,
        val_accuracy_interval=header.val_accuracy_interval,
        val_loss=header.val_loss,
    )


def nothing_done(reason: StopReason, sentence: str, run_folder: Path, seconds: float) -> RunEnded:
    """The end of a run that has no model to show."""
    return RunEnded(reason, sentence, None, str(run_folder), 0, 0, seconds, 0.0, 0.0, 0, None, None, None)


def failure(error: Exception) -> str:
    """What went wrong in a run, and what to do, in one line."""
    if isinstance(error, FloatingPointError):
        return (
            "The loss is no longer a number: the learning rate is too high. Start again with a tenth of it."
        )
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return "The memory does not suffice even for single pictures: choose a smaller size or network."
    return str(error)
