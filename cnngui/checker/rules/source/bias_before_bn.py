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
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.reading import layer_text


@rule(
    "bias-before-bn",
    Severity.INFO,
    group="structure",
    why="Batch norm takes the bias out again; it is learned for nothing.",
    fix="Add bias=False to the layer before batch norm.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for use in facts.layers:
        before = use.given.last
        if use.kind != "bn" or before is None or before.kind not in {"conv", "linear"}:
            continue
        if before.layer is not None and before.layer.config.get("bias") is True:
            at = before.layer.at
            yield Report(
                f"The bias of {layer_text(before.layer)} has no effect before batch norm.", at.line, at.column
            )
