"""The file holds weights without their network.

What it finds
Weights that say neither which network they belong to nor what the classes are called.

Why it hurts
Only the numbers can be checked. To classify with them, the network, the picture size, the normalisation and
the order of the classes must be known from elsewhere.

Example
    torch.save(model.state_dict(), "weights.pt")

Instead
    a model file of cnngui, which carries all of it

When to ignore
When the weights are only to be kept or to be trained further.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.network.reading import file_fault
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "weights-alone",
    Severity.INFO,
    kind=Kind.MODEL,
    group="file",
    why="Only the numbers can be checked without the network they belong to.",
    fix="Keep the class names, the picture size and the normalisation with them.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    yield from file_fault(facts, "weights-alone")
