"""A fully connected layer expects another number of values than it gets.

What it finds
nn.Linear whose in_features differs from the number of values that arrive per picture, at every picture
size that was tried.

Why it hurts
PyTorch stops with 'mat1 and mat2 shapes cannot be multiplied' at the first batch.

Example
    nn.Linear(128, 64), nn.ReLU(), nn.Linear(32, 10)

Instead
    nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)

When to ignore
Never as it stands: the forward pass cannot run.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts, picture_text
from cnngui.checker.network.reading import arithmetic, fault
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "fc-size-mismatch",
    Severity.ERROR,
    kind=Kind.MODEL,
    group="shape",
    why="The first forward pass stops with a shape error.",
    fix="Set in_features to the number of values that arrive.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    for trace, found in fault(facts, "fc"):
        message = (
            f"{found.layer} expects {found.want} values but gets {arithmetic(found)} from "
            f"{picture_text(trace)}."
        )
        fix = f"Set in_features to {found.have}, or change the layer before it."
        yield Report(
            message, part=found.path or None, fix=fix, evidence={"want": found.want, "have": found.have}
        )
