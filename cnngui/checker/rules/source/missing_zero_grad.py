"""Gradients are never cleared.

What it finds
A loop with backward and optimizer.step() in which nothing sets the gradients back to zero.

Why it hurts
backward adds to the gradients that are there: every step goes along the sum of all batches so far,
and training goes astray.

Example
    for x, y in loader:
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()

Instead
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()

When to ignore
Never.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.loop_faults import never_cleared


@rule(
    "missing-zero-grad",
    Severity.ERROR,
    group="loop",
    why="Gradients of all batches add up, and every step goes along their sum.",
    fix="Call optimizer.zero_grad() at the start of every turn.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in never_cleared(facts):
        yield Report(f"backward adds to the gradients of all earlier batches: {detail}.", at.line, at.column)
