"""A view or flatten puts values of different pictures into one row, or cannot be filled.

What it finds
view/reshape with a fixed number of values per row that is not what a picture has, flattening that
takes in the batch axis, and view on a tensor whose axes were swapped.

Why it hurts
view(-1, 400) on 576 values per picture changes the batch size: rows mix pictures, and the loss
stops with 'Expected input batch_size (92) to match target batch_size (64)'.

Example
    x = x.view(-1, 16 * 5 * 5)      # the feature map is 16 x 6 x 6

Instead
    x = torch.flatten(x, 1)

When to ignore
Never as it stands.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.reading import dim_text, faults, layer_text, picture_text
from cnngui.checker.source.sizes import shape_text


@rule(
    "view-flatten-error",
    Severity.ERROR,
    group="shape",
    why="Rows no longer belong to one picture, and the next layer or the loss stops with a shape error.",
    fix="Use torch.flatten(x, 1): it keeps the batch axis and needs no numbers.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for fault in faults(facts, "view", "view-batch", "view-layout", "view-rows"):
        if fault.kind == "view-batch":
            layer = layer_text(fault.layer)
            message = f"The batch axis is flattened as well, so {layer} gets one row for the whole batch."
        elif fault.kind == "view-rows":
            message = f"The view asks for {fault.want} rows, but the last batch of this loader is smaller."
        elif fault.kind == "view-layout":
            message = (
                f"view needs values in order, but the axes of {shape_text(fault.shape)} were swapped before."
            )
        else:
            message = (
                f"Each picture has {dim_text(fault.have)} values here{picture_text(fault.value)}, "
                f"but the view asks for {dim_text(fault.want)}."
            )
        fix = "Use reshape or flatten(1) instead of view." if fault.kind == "view-layout" else ""
        yield Report(message, fault.at.line, fault.at.column, fix=fix)
