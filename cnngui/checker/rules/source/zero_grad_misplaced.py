"""Gradients are cleared at the wrong place.

What it finds
zero_grad() between backward and step, which throws the new gradients away, or only outside of the
loop over batches.

Why it hurts
Between backward and step every step is with zero gradients: nothing is learned. Outside of the loop
the gradients of all batches add up.

Example
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()

Instead
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

When to ignore
Never.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.loop_faults import cleared_wrongly


@rule(
    "zero-grad-misplaced",
    Severity.ERROR,
    group="loop",
    why="The step is made with no gradients, or with the sum of many batches.",
    fix="Call optimizer.zero_grad() once per batch, before backward.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in cleared_wrongly(facts):
        yield Report(f"{detail}.", at.line, at.column)
