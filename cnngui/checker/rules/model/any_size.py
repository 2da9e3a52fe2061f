"""The network takes pictures of more than one size.

What it finds
A network that ran at several picture sizes.

Why it hurts
It does not: it is good to know. Larger pictures show more detail and take longer.

Example
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, 10)

Instead
    Nothing to change.

When to ignore
Always.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "any-size",
    Severity.INFO,
    kind=Kind.MODEL,
    group="shape",
    why="Larger pictures show more detail and take longer.",
    fix="Nothing to do.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    work = sorted(facts.sizes.work)
    if facts.trace is None or not facts.trace.done or len(work) < 2:
        return
    listed = ", ".join(map(str, work))
    message = f"The network takes pictures of several sizes: {listed} pixels were tried and work."
    yield Report(message, evidence={"smallest": work[0], "largest": work[-1]})
