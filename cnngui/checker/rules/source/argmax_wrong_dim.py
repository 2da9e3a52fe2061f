"""The class is picked along the wrong axis.

What it finds
argmax or max over axis 0 of scores (N, C), or argmax with no axis on a batch.

Why it hurts
It gives the picture with the highest score per class, or one number for the whole batch, instead of
a class per picture: the accuracy is wrong.

Example
    pred = outputs.argmax(dim=0)

Instead
    pred = outputs.argmax(dim=1)

When to ignore
For a single picture's vector of scores (C,) axis 0 is right, and the rule stays silent.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.outputs import wrong_axes


@rule(
    "argmax-wrong-dim",
    Severity.ERROR,
    group="inference",
    why="It picks a picture for each class instead of a class for each picture.",
    fix="Use dim=1 for scores of shape (N, C).",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for call, shape in wrong_axes(facts, {"argmax", "max"}):
        where = "with no axis on" if call.axis is None else f"over axis {call.axis} of"
        yield Report(
            f"{call.op} {where} {shape} does not give one class per picture.", call.at.line, call.at.column
        )
