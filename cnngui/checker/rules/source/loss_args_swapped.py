"""The loss is given the targets first.

What it finds
A loss called as criterion(labels, scores).

Why it hurts
The order is (scores, targets): swapped, the loss stops with a type or shape error, or silently
measures something else.

Example
    loss = criterion(labels, outputs)

Instead
    loss = criterion(outputs, labels)

When to ignore
For symmetric losses such as MSELoss the order does not matter, and the rule stays silent.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.outputs import swapped


@rule(
    "loss-args-swapped",
    Severity.ERROR,
    group="loss",
    why="The loss takes targets for scores: it stops or measures something else.",
    fix="Call it as criterion(outputs, labels).",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for call in facts.losses:
        if swapped(call):
            yield Report(f"{call.kind} is called with the targets first.", call.at.line, call.at.column)
