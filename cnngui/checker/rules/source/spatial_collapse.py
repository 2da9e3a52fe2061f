"""The feature map is smaller than the window that is moved over it.

What it finds
A convolution or pooling whose kernel is larger than the feature map that is left.

Why it hurts
PyTorch stops: 'Kernel size can't be greater than actual input size' or 'Output size is too small'.

Example
    # six poolings halve a 32x32 picture to nothing
    x = self.pool(F.relu(self.conv6(x)))

Instead
    x = F.relu(self.conv6(x))    # five poolings are what 32x32 allows

When to ignore
Never as it stands: the forward pass cannot run with pictures of this size.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.reading import faults, layer_text, picture_text


@rule(
    "spatial-collapse",
    Severity.ERROR,
    group="shape",
    why="The first forward pass stops with a shape error.",
    fix="Use larger pictures, fewer poolings, or padding.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for fault in faults(facts, "collapse", "net-size"):
        at = fault.at
        if fault.kind == "net-size":
            want = f"{fault.want}×{fault.want}"
            message = f"{fault.detail} takes {want} pictures only, and these are {fault.have} wide."
            yield Report(
                message, at.line, at.column, fix=f"Resize the pictures to {fault.want}×{fault.want}."
            )
            continue
        if fault.layer is not None and fault.layer.kind.startswith("Conv"):
            at = fault.layer.at
        message = (
            f"{layer_text(fault.layer)} moves a window of {fault.want} over a feature map that is only "
            f"{fault.have} wide{picture_text(fault.value)}."
        )
        yield Report(message, at.line, at.column)
