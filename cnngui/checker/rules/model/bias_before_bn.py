"""A bias right before batch norm has no effect.

What it finds
A convolution or fully connected layer with a bias whose output goes straight into batch norm.

Why it hurts
Batch norm subtracts the mean, and the bias with it: the parameters are learned for nothing.

Example
    nn.Conv2d(3, 32, 3, padding=1), nn.BatchNorm2d(32)

Instead
    nn.Conv2d(3, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32)

When to ignore
Always, if the few parameters do not matter to you: nothing breaks.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "bias-before-bn",
    Severity.INFO,
    kind=Kind.MODEL,
    group="structure",
    why="Batch norm takes the bias out again; it is learned for nothing.",
    fix="Add bias=False to the layer before batch norm.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    if facts.trace is None or not facts.trace.norm_biases:
        return
    uses = {facts.trace.uses[number].path: facts.trace.uses[number] for number in facts.trace.norm_biases}
    first = next(iter(uses.values()))
    more = f", and of {len(uses) - 1} more like it," if len(uses) > 1 else ""
    message = f"The bias of {first}{more} has no effect before batch norm."
    yield Report(message, part=first.path or None, evidence={"layers": len(uses)})
