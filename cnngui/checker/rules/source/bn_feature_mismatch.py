"""A normalisation layer is made for another number of channels than it gets.

What it finds
BatchNorm (or GroupNorm) whose num_features differs from the channels of its input.

Why it hurts
PyTorch stops at the first batch: 'running_mean should contain 32 elements not 16'.

Example
    self.conv = nn.Conv2d(3, 32, 3)
    self.bn = nn.BatchNorm2d(16)

Instead
    self.conv = nn.Conv2d(3, 32, 3)
    self.bn = nn.BatchNorm2d(32)

When to ignore
Never as it stands: the forward pass cannot run.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.reading import dim_text, faults, layer_spot, layer_text
from cnngui.checker.source.sizes import shape_text


@rule(
    "bn-feature-mismatch",
    Severity.ERROR,
    group="shape",
    why="The first forward pass stops with a shape error.",
    fix="Give the normalisation layer the out_channels of the layer before it.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for fault in faults(facts, "bn-rank"):
        at = layer_spot(fault)
        message = f"{layer_text(fault.layer)} cannot take {fault.have} axes, {shape_text(fault.shape)}."
        fix = "Use BatchNorm2d for feature maps (N, C, H, W) and BatchNorm1d after flatten."
        yield Report(message, at.line, at.column, fix=fix)
    for fault in faults(facts, "bn"):
        at, have = layer_spot(fault), dim_text(fault.have)
        message = (
            f"{layer_text(fault.layer)} expects {dim_text(fault.want)} channels but its input has {have}."
        )
        yield Report(message, at.line, at.column, fix=f"Set it to {have}, the channels that reach it.")
