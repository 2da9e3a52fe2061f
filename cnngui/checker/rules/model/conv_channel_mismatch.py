"""A convolution expects another number of channels than the feature map has.

What it finds
A convolution whose in_channels differs from the channels of the feature map that reaches it.

Why it hurts
PyTorch stops at the first batch: 'expected input to have 16 channels, but got 32 channels instead'.

Example
    nn.Conv2d(3, 32, 3), nn.ReLU(), nn.Conv2d(16, 64, 3)

Instead
    nn.Conv2d(3, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3)

When to ignore
Never as it stands: the forward pass cannot run.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.network.reading import fault
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "conv-channel-mismatch",
    Severity.ERROR,
    kind=Kind.MODEL,
    group="shape",
    why="The first forward pass stops with a shape error.",
    fix="Make in_channels equal to the out_channels of the layer before it.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    for _, found in fault(facts, "conv-channel"):
        message = f"{found.layer} expects {found.want} channels but the feature map has {found.have}."
        fix = f"Set in_channels to {found.have}, or change the layer before it."
        yield Report(
            message, part=found.path or None, fix=fix, evidence={"want": found.want, "have": found.have}
        )
