"""Evaluation keeps track of gradients nobody uses.

What it finds
A loop over a loader that only evaluates, without torch.no_grad() or torch.inference_mode().

Why it hurts
PyTorch stores every intermediate value for a backward pass that never comes: evaluation needs
several times the memory and runs out of it with larger batches.

Example
    model.eval()
    for images, labels in test_loader:
        outputs = model(images)

Instead
    model.eval()
    with torch.no_grad():
        for images, labels in test_loader:
            outputs = model(images)

When to ignore
When gradients with respect to the pictures are used (saliency maps, adversarial examples).
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.modes import evaluated_with_gradients


@rule(
    "missing-no-grad",
    Severity.WARNING,
    group="inference",
    why="Intermediate values are stored for a backward pass that never comes: memory is wasted.",
    fix="Put the loop inside `with torch.no_grad():`.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at in evaluated_with_gradients(facts):
        yield Report("This loop only evaluates, but gradients are recorded.", at.line, at.column)
