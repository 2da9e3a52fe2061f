"""Softmax runs over the wrong axis.

What it finds
softmax or log_softmax of scores (N, C) over axis 0.

Why it hurts
Axis 0 is the batch: the pictures of a batch compete with each other, and a picture's probabilities
do not add up to one.

Example
    probs = F.softmax(logits, dim=0)

Instead
    probs = F.softmax(logits, dim=1)

When to ignore
For a vector of scores (C,) axis 0 is right, and the rule stays silent.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.outputs import wrong_axes


@rule(
    "softmax-wrong-dim",
    Severity.ERROR,
    group="inference",
    why="Axis 0 is the batch: the pictures compete with each other instead of the classes.",
    fix="Use dim=1 (or dim=-1) for scores of shape (N, C).",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for call, shape in wrong_axes(facts, {"softmax", "log_softmax"}):
        message = f"{call.op} runs over axis {call.axis} of {shape}: that is the batch, not the classes."
        yield Report(message, call.at.line, call.at.column)
