"""A convolution expects another number of channels than the layer before it gives.

What it finds
A convolution whose in_channels differs from the channels of the feature map that reaches it.

Why it hurts
PyTorch stops at the first batch: 'expected input to have 16 channels, but got 32 channels instead'.

Example
    self.conv1 = nn.Conv2d(3, 32, 3)
    self.conv2 = nn.Conv2d(16, 64, 3)

Instead
    self.conv1 = nn.Conv2d(3, 32, 3)
    self.conv2 = nn.Conv2d(32, 64, 3)

When to ignore
Never as it stands: the forward pass cannot run.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.reading import dim_text, faults, layer_spot, layer_text


@rule(
    "conv-channel-mismatch",
    Severity.ERROR,
    group="shape",
    why="The first forward pass stops with a shape error.",
    fix="Make in_channels equal to the out_channels of the layer before it.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for fault in faults(facts, "conv-channel"):
        at = layer_spot(fault)
        have = dim_text(fault.have)
        layer = layer_text(fault.layer)
        message = f"{layer} expects {dim_text(fault.want)} channels but the feature map has {have}."
        yield Report(
            message, at.line, at.column, fix=f"Set in_channels to {have}, or change the layer before it."
        )
