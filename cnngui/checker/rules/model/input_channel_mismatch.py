"""The first convolution expects pictures with another number of channels.

What it finds
A network whose first convolution does not take as many channels as the pictures have: 3 for colour, 1 for
grey ones.

Why it hurts
PyTorch stops at the first batch: 'expected input to have 1 channels, but got 3 channels instead'.

Example
    nn.Conv2d(1, 16, 3)      # the pictures are in colour

Instead
    nn.Conv2d(3, 16, 3)

When to ignore
Never as it stands: the forward pass cannot run with these pictures.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.network.reading import fault
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "input-channel-mismatch",
    Severity.ERROR,
    kind=Kind.MODEL,
    group="shape",
    why="The first forward pass stops with a shape error.",
    fix="Make in_channels of the first layer equal to the channels of the pictures.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    for _, found in fault(facts, "input-channel"):
        message = f"{found.layer} expects {found.want} colour channels, but the pictures have {found.have}."
        fix = f"Set in_channels of the first layer to {found.have}."
        yield Report(
            message, part=found.path or None, fix=fix, evidence={"want": found.want, "have": found.have}
        )
