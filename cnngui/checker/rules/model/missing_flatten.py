"""A fully connected layer gets a feature map that was not flattened.

What it finds
nn.Linear applied to (N, C, H, W) whose last axis is not in_features.

Why it hurts
PyTorch stops: 'mat1 and mat2 shapes cannot be multiplied'.

Example
    nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Linear(8 * 30 * 30, 10))

Instead
    nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 30 * 30, 10))

When to ignore
Never as it stands: the forward pass cannot run.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts, shape_text
from cnngui.checker.network.reading import fault
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "missing-flatten",
    Severity.ERROR,
    kind=Kind.MODEL,
    group="shape",
    why="The first forward pass stops with a shape error.",
    fix="Put torch.flatten(x, 1) or nn.Flatten() before the layer.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    for _, found in fault(facts, "flatten"):
        message = (
            f"{found.layer} gets a feature map of shape {shape_text(found.shape)} that was not flattened."
        )
        yield Report(message, part=found.path or None)
