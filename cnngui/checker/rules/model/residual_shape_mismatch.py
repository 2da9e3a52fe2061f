"""Two paths that are added or joined have different shapes.

What it finds
An addition (skip connection), a product or torch.cat of two feature maps whose shapes cannot be combined.

Why it hurts
PyTorch stops at the first batch: 'The size of tensor a must match the size of tensor b'.

Example
    return F.relu(self.conv(x) + x)                  # conv has stride 2

Instead
    return F.relu(self.conv(x) + self.shortcut(x))   # Conv2d(64, 128, 1, stride=2)

When to ignore
Never as it stands: the forward pass cannot run.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts, shape_text
from cnngui.checker.network.reading import fault
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "residual-shape-mismatch",
    Severity.ERROR,
    kind=Kind.MODEL,
    group="shape",
    why="The first forward pass stops with a shape error.",
    fix="Give the shortcut a 1×1 convolution with the same channels and stride.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    for _, found in fault(facts, "residual", "cat"):
        word = "joined" if found.kind == "cat" else "put together"
        message = (
            f"{shape_text(found.shape)} and {shape_text(found.other)} cannot be {word}: "
            f"{found.want} is not {found.have}."
        )
        fix = "Pad or crop one of them so that all other axes agree." if found.kind == "cat" else ""
        yield Report(message, part=found.path or None, fix=fix)
