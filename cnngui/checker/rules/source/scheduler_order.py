"""The learning-rate schedule steps before the optimiser.

What it finds
scheduler.step() before optimizer.step() in the same loop.

Why it hurts
The first learning rate is skipped, and PyTorch warns.

Example
    for epoch in range(10):
        scheduler.step()
        train_one_epoch()

Instead
    for epoch in range(10):
        train_one_epoch()
        scheduler.step()

When to ignore
Never.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.schedule_faults import scheduled_early


@rule(
    "scheduler-order",
    Severity.WARNING,
    group="loop",
    why="The first value of the schedule is skipped.",
    fix="Call scheduler.step() after optimizer.step().",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in scheduled_early(facts):
        yield Report(f"The schedule steps before the optimiser (line {detail}).", at.line, at.column)
