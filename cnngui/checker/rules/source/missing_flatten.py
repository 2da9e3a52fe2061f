"""A fully connected layer gets a feature map that was not flattened.

What it finds
nn.Linear applied to (N, C, H, W) whose last axis is not in_features: flatten is missing before it.

Why it hurts
PyTorch stops: 'mat1 and mat2 shapes cannot be multiplied'. Where the width happens to fit, the
answer is silently wrong.

Example
    x = self.fc1(self.pool(x))

Instead
    x = self.fc1(torch.flatten(self.pool(x), 1))

When to ignore
Never as it stands: the forward pass cannot run.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.reading import faults, layer_text
from cnngui.checker.source.sizes import shape_text


@rule(
    "missing-flatten",
    Severity.ERROR,
    group="shape",
    why="The first forward pass stops with a shape error.",
    fix="Put torch.flatten(x, 1) or nn.Flatten() before the layer.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for fault in faults(facts, "flatten"):
        layer, shape = layer_text(fault.layer), shape_text(fault.shape)
        message = f"{layer} gets a feature map of shape {shape} that was not flattened."
        yield Report(message, fault.at.line, fault.at.column)
