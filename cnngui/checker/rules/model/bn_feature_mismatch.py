"""A normalisation layer is made for another number of channels than it gets.

What it finds
Batch norm and its relatives whose number of features differs from the channels of their input.

Why it hurts
PyTorch stops at the first batch: 'running_mean should contain 32 elements not 16'.

Example
    nn.Conv2d(3, 32, 3), nn.BatchNorm2d(16)

Instead
    nn.Conv2d(3, 32, 3), nn.BatchNorm2d(32)

When to ignore
Never as it stands: the forward pass cannot run.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.network.reading import fault
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "bn-feature-mismatch",
    Severity.ERROR,
    kind=Kind.MODEL,
    group="shape",
    why="The first forward pass stops with a shape error.",
    fix="Give the normalisation layer the out_channels of the layer before it.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    for _, found in fault(facts, "bn"):
        message = f"{found.layer} expects {found.want} channels but its input has {found.have}."
        fix = f"Set it to {found.have}, the channels that reach it."
        yield Report(
            message, part=found.path or None, fix=fix, evidence={"want": found.want, "have": found.have}
        )
