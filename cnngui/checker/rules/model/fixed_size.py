"""The network takes pictures of one size.

What it finds
A network that runs at one picture size and at none of the others that were tried.

Why it hurts
It does not: it is good to know. Pictures of another size must be resized to this one.

Example
    nn.Flatten(), nn.Linear(32 * 8 * 8, 128)

Instead
    nn.AdaptiveAvgPool2d(8), nn.Flatten(), nn.Linear(32 * 8 * 8, 128)     # takes any size

When to ignore
Always, if your pictures are all brought to this size, as cnngui does.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "fixed-size",
    Severity.INFO,
    kind=Kind.MODEL,
    group="shape",
    why="Pictures of another size must be resized first.",
    fix="Nothing to do; AdaptiveAvgPool2d before flatten would make it take any size.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    sizes = facts.sizes
    if facts.stated_size is not None:
        side = facts.stated_size
        yield Report(f"The file is made for {side}×{side} pictures.", evidence={"size": side})
    trace = facts.trace
    if trace is None or not trace.done or len(sizes.work) != 1 or len(sizes.fail) < 2:
        return
    size = sizes.work[0]
    message = (
        f"The network is made for {size}×{size} pictures; {max(sizes.fail)}×{max(sizes.fail)} does not work."
    )
    yield Report(message, confidence=Confidence.LIKELY, evidence={"size": size})
