"""The optimiser never makes a step.

What it finds
A loop that calls backward and clears gradients of an optimiser whose step() is never called (or is
written without parentheses).

Why it hurts
The weights never change: the loss stays where it was.

Example
    optimizer.zero_grad()
    loss.backward()

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
from cnngui.checker.source.loop_faults import never_stepped


@rule(
    "missing-optimizer-step",
    Severity.ERROR,
    group="loop",
    why="The weights never change.",
    fix="Call optimizer.step() after backward.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in never_stepped(facts):
        yield Report(f"Gradients are computed but the optimiser never steps: {detail}.", at.line, at.column)
