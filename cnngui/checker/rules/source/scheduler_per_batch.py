"""A schedule counted in epochs steps with every batch.

What it finds
StepLR, MultiStepLR, ExponentialLR, ReduceLROnPlateau or CosineAnnealingLR over epochs, stepped
inside the loop over batches.

Why it hurts
The learning rate falls to nothing within the first epoch.

Example
    for x, y in loader:
        optimizer.step()
        scheduler.step()      # StepLR(step_size=10)

Instead
    for x, y in loader:
        optimizer.step()
    scheduler.step()

When to ignore
When its numbers are counted in batches on purpose.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.schedule_faults import scheduled_per_batch


@rule(
    "scheduler-per-batch",
    Severity.WARNING,
    group="loop",
    why="The learning rate falls to nothing within the first epoch.",
    fix="Call scheduler.step() once per epoch, after the loop over batches.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in scheduled_per_batch(facts):
        yield Report(f"{detail} is counted in epochs but steps with every batch.", at.line, at.column)
