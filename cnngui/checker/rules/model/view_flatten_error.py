"""A view or reshape asks for a shape that the values do not fill.

What it finds
view, reshape or flatten to sizes whose product is not the number of values, at every picture size tried.

Why it hurts
PyTorch stops: 'shape '[-1, 512]' is invalid for input of size 16384'. Where the sizes happen to divide,
pictures of a batch are mixed up.

Example
    x = x.view(-1, 512)

Instead
    x = torch.flatten(x, 1)

When to ignore
Never as it stands: the forward pass cannot run.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts, shape_text
from cnngui.checker.network.reading import batch_mixed, fault
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "view-flatten-error",
    Severity.ERROR,
    kind=Kind.MODEL,
    group="shape",
    why="The forward pass stops, or pictures of a batch are mixed up.",
    fix="Use torch.flatten(x, 1): it keeps the batch as it is, whatever the sizes.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    for _, found in fault(facts, "view"):
        shape = shape_text(found.shape)
        yield Report(
            f"A feature map of shape {shape} cannot be reshaped: {found.error}.", part=found.path or None
        )
    if facts.trace is not None and batch_mixed(facts.trace):
        batch, rows = facts.trace.batch, facts.trace.output[0]
        message = (
            f"{batch} pictures go in and {rows} rows of scores come out: pictures of a batch are mixed up "
            "on the way."
        )
        yield Report(message, evidence={"pictures": batch, "rows": rows})
