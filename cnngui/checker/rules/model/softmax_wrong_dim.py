"""Softmax runs over the batch instead of the classes.

What it finds
Softmax or log-softmax over axis 0 of scores (N, classes).

Why it hurts
The probabilities of one picture do not add up to 1, and change with the other pictures in the batch.

Example
    nn.Softmax(dim=0)

Instead
    nn.Softmax(dim=1)

When to ignore
Never for scores of a batch.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "softmax-wrong-dim",
    Severity.ERROR,
    kind=Kind.MODEL,
    group="inference",
    why="The answer for a picture depends on the other pictures in the batch.",
    fix="Use dim=1, the axis of the classes.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    if facts.trace is None:
        return
    for one in facts.trace.softmaxes:
        if one.axis == 0 and len(one.shape) == 2 and one.shape == facts.trace.output:
            yield Report(
                f"{one.op} runs over axis 0, the batch, not over the classes.", part=one.path or None
            )
