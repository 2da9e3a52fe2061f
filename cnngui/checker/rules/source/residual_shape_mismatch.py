"""Two paths that are added or joined have different shapes.

What it finds
An addition (skip connection), product or torch.cat of two feature maps whose shapes cannot be
combined.

Why it hurts
PyTorch stops at the first batch: 'The size of tensor a must match the size of tensor b'.

Example
    out = self.conv(x)        # Conv2d(64, 128, 3, stride=2)
    return F.relu(out + x)

Instead
    out = self.conv(x)
    return F.relu(out + self.shortcut(x))   # Conv2d(64, 128, 1, stride=2)

When to ignore
Never as it stands: the forward pass cannot run.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.reading import faults
from cnngui.checker.source.sizes import shape_text


@rule(
    "residual-shape-mismatch",
    Severity.ERROR,
    group="shape",
    why="The first forward pass stops with a shape error.",
    fix="Give the shortcut a 1×1 convolution with the same channels and stride.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for fault in faults(facts, "residual", "broadcast", "cat"):
        word = {"residual": "added", "broadcast": "multiplied", "cat": "joined"}[fault.kind]
        message = (
            f"{shape_text(fault.shape)} and {shape_text(fault.other)} cannot be {word}: "
            f"{fault.want} is not {fault.have}."
        )
        fix = "Pad or crop one of them so that all other axes agree." if fault.kind == "cat" else ""
        yield Report(message, fault.at.line, fault.at.column, fix=fix)
