"""The learning rate is far above what this optimiser bears.

What it finds
A constant learning rate of Adam and its relatives from 0.03, of SGD from 1 (from 0.5 with
momentum). Adadelta, LBFGS and schedules that warm up are left alone.

Why it hurts
The loss jumps or becomes NaN; the network ends at chance.

Example
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)

Instead
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

When to ignore
When the run shows that it works.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.schedule_faults import too_high


@rule(
    "lr-too-high",
    Severity.WARNING,
    group="loop",
    why="Steps are so large that the loss jumps or becomes NaN.",
    fix="Start with 1e-3 for Adam, 0.01 to 0.1 for SGD.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in too_high(facts):
        yield Report(f"{detail}.", at.line, at.column)
