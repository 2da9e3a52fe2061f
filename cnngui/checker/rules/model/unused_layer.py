"""A layer is there and never used.

What it finds
A module with weights that a forward pass makes no use of, neither in evaluation nor in training.

Why it hurts
It does nothing although the code looks as if it did: a forgotten batch norm or convolution. Its weights
are saved and, with several graphics cards, may stop the training.

Example
    self.bn2 = nn.BatchNorm2d(64)        # forward never calls self.bn2

Instead
    x = F.relu(self.bn2(self.conv2(x)))

When to ignore
When other code uses it, or the forward pass chooses among layers.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "unused-layer",
    Severity.WARNING,
    kind=Kind.MODEL,
    group="structure",
    why="The layer does nothing, although the network looks as if it did.",
    fix="Call it in forward, or remove it.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    if not facts.unused:
        return
    listed = ", ".join(facts.unused[:5]) + (" and more" if len(facts.unused) > 5 else "")
    verb = "is" if len(facts.unused) == 1 else "are"
    yield Report(
        f"{listed} {verb} never used in a forward pass.",
        part=facts.unused[0],
        confidence=Confidence.LIKELY,
        evidence={"layers": len(facts.unused)},
    )
