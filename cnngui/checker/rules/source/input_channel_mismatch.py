"""The first layer expects pictures with another number of channels.

What it finds
A network whose first convolution takes 3 channels while the pictures have 1, or the other way
round.

Why it hurts
PyTorch stops at the first batch: 'expected input to have 3 channels, but got 1 channels instead'.

Example
    train = datasets.MNIST(root, transform=ToTensor())   # one channel
    self.conv1 = nn.Conv2d(3, 16, 3)

Instead
    self.conv1 = nn.Conv2d(1, 16, 3)    # or transforms.Grayscale(3) before ToTensor

When to ignore
Never as it stands: the forward pass cannot run with these pictures.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.pipelines import pipeline_spot
from cnngui.checker.source.reading import faults, layer_spot, layer_text


@rule(
    "input-channel-mismatch",
    Severity.ERROR,
    group="shape",
    why="The first forward pass stops with a shape error.",
    fix="Make in_channels of the first layer equal to the channels of the pictures.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for fault in faults(facts, "input-channel"):
        ready = fault.layer is not None and "pretrained" in fault.layer.state
        at = (pipeline_spot(fault.value) if ready else None) or layer_spot(fault)
        data = fault.value.data if fault.value is not None else None
        name = f" of {data.kind}" if data is not None and data.obj is None else ""
        layer = layer_text(fault.layer)
        message = f"{layer} expects {fault.want}-channel pictures, but the pictures{name} have {fault.have}."
        if fault.want == 3 and fault.have == 1:
            gray = "put transforms.Grayscale(num_output_channels=3) before ToTensor."
            fix = f"P{gray[1:]}" if ready else f"Set in_channels to 1, or {gray}"
        else:
            fix = f"Set in_channels to {fault.have}, or convert the pictures to {fault.want} channel(s)."
        yield Report(message, at.line, at.column, fix=fix)
