"""The feature map is smaller than the window that is moved over it.

What it finds
A convolution or pooling whose kernel is larger than what is left of the picture, at every size tried.

Why it hurts
PyTorch stops: 'Kernel size can't be greater than actual input size' or 'Output size is too small'.

Example
    # the eleventh pooling of a 512x512 picture
    x = self.pool(x)

Instead
    # no more poolings than the picture can be halved

When to ignore
Never as it stands: the forward pass cannot run.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts, picture_text
from cnngui.checker.network.reading import fault
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "spatial-collapse",
    Severity.ERROR,
    kind=Kind.MODEL,
    group="shape",
    why="The first forward pass stops with a shape error.",
    fix="Use larger pictures, fewer poolings, or padding.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    for trace, found in fault(facts, "collapse"):
        message = (
            f"{found.layer} moves a window of {found.want} over a feature map only {found.have} wide, "
            f"from {picture_text(trace)}."
        )
        yield Report(message, part=found.path or None)
