"""The loss is not a number.

What it finds
A training or validation loss that is NaN or infinite.

Why it hurts
From that step on every weight is NaN as well: the network is lost and the training cannot recover.

Example
    a learning rate of 1, or pictures divided by a standard deviation of 0

Instead
    a tenth of the learning rate, or clipped gradients

When to ignore
Never.
"""

import math
from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Kind, Report, rule
from cnngui.checker.run_facts import RunFacts


@rule(
    "loss-not-finite",
    Severity.ERROR,
    kind=Kind.RUN,
    group="exact",
    why="From here on every weight is worthless: the training cannot recover.",
    fix="Start again with a tenth of the learning rate.",
)
def check(facts: RunFacts) -> Iterator[Report]:
    last = [(one.epoch, one.step, one.loss) for one in facts.health[-1:]]
    last += [(one.epoch, one.step, one.loss) for one in facts.steps[-1:]]
    for number, step, loss in last:
        if not math.isfinite(loss):
            message = f"The training loss is no longer a number (epoch {number}, step {step})."
            yield Report(message, part=f"epoch {number}, step {step}")
            return
    for epoch in facts.epochs[-1:]:
        for name, mean in (("training", epoch.train_loss), ("validation", epoch.val_loss)):
            if mean is not None and not math.isfinite(mean):
                yield Report(
                    f"The {name} loss of epoch {epoch.epoch} is not a number.", part=f"epoch {epoch.epoch}"
                )
                return
