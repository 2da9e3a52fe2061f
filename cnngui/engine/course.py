"""How far a training is and how long it still takes: by steps, or by time where that is limited."""

from collections.abc import Sequence

from cnngui.engine.clock import Clock
from cnngui.engine.events import EpochDone
from cnngui.errors import RequestError

# Of a time limit; the rest is for the last validation and for writing the model.
_TIME_FOR_STEPS = 0.97


def steps_of(images: int, batch_size: int, processes: int) -> int:
    """The steps of an epoch in which every process has a part of every batch.

    A last batch of fewer pictures than there are processes is left out, and one of a single picture, of which
    batch norms cannot learn. Raises RequestError where even the others are too small.
    """
    if min(images, batch_size) < processes:
        raise RequestError(
            f"Batches of {min(images, batch_size)} pictures cannot be shared by {processes} processes: "
            "start fewer."
        )
    whole, rest = divmod(images, batch_size)
    return max(1, whole + (rest >= max(2, processes)))


class Course:
    """A run of `epochs` epochs of `steps` steps each, or of `minutes` of work if that is less.

    Its learning rate's course begins after `cycle` epochs: 0 but for a finished run that is trained longer,
    or where the last layer was trained by itself before.
    """

    def __init__(self, epochs: int, steps: int, minutes: float | None, clock: Clock) -> None:
        self.epochs, self.steps, self.minutes, self.clock = epochs, steps, minutes, clock
        self.most_epochs = epochs
        self.cycle = 0
        self.seconds_before = 0.0  # of the run, before it was interrupted

    def seconds(self) -> float:
        """Of work, over all parts of the run."""
        return self.seconds_before + self.clock.seconds()

    def progress(self, epoch: int, step: int) -> float:
        """How far the learning rate's course is, 0 to 1, with `step` steps of epoch `epoch` (from 1) done."""
        done = ((epoch - 1 - self.cycle) * self.steps + step) / ((self.epochs - self.cycle) * self.steps)
        if self.minutes is None:
            return done
        return max(done, self.seconds() / (_TIME_FOR_STEPS * 60 * self.minutes))

    def left(self, epoch: int, step: int, per_step: float, history: Sequence[EpochDone]) -> float:
        """Seconds to the end; before an epoch is done, by the seconds that a step has taken so far."""
        # Neither the first, which began with reading the pictures, nor those of another cycle.
        past = [one.seconds for one in history[max(1, self.cycle) :][-3:]]
        per_epoch = sum(past) / len(past) if past else self.steps * per_step
        left = (self.epochs - epoch + 1 - step / self.steps) * per_epoch
        return left if self.minutes is None else min(left, max(0.0, 60 * self.minutes - self.seconds()))

    def plan(self, history: Sequence[EpochDone]) -> None:
        """Set the number of epochs to what the time allows, now that the speed is known."""
        if self.minutes is None:
            return
        later = history[1:] or history
        per_epoch = sum(epoch.seconds for epoch in later) / len(later)
        left = max(0.0, _TIME_FOR_STEPS * 60 * self.minutes - self.seconds())
        self.epochs = max(len(history), min(self.most_epochs, len(history) + round(left / per_epoch)))

    def add(self, epochs: int) -> None:
        """Go on for so many epochs more, with a learning rate that rises and falls anew; no time limit."""
        self.cycle = self.epochs
        self.epochs += epochs
        self.minutes = None
