"""A layer is made and never used.

What it finds
A layer with parameters, or a dropout, assigned in __init__ whose name is read nowhere in the file.

Why it hurts
It does nothing although the code looks as if it did: a forgotten batch norm, dropout or
convolution. Under DistributedDataParallel its parameters even stop the training.

Example
    self.bn2 = nn.BatchNorm2d(64)        # forward never calls self.bn2

Instead
    x = F.relu(self.bn2(self.conv2(x)))

When to ignore
When another file uses it.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.reading import layer_text
from cnngui.checker.source.registration import unused


@rule(
    "unused-layer",
    Severity.WARNING,
    group="structure",
    why="The layer does nothing, although the code looks as if it did.",
    fix="Call it in forward, or remove it.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for name, layer in unused(facts):
        message = f"self.{name} = {layer_text(layer)} is never used."
        yield Report(message, layer.at.line, layer.at.column, confidence=Confidence.LIKELY)
