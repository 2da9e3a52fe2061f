"""A network with dropout or batch norm is evaluated in training mode.

What it finds
A trained or loaded network that is asked for answers without model.eval() before.

Why it hurts
Dropout goes on dropping and batch norm uses the statistics of the batch at hand: results are random
and depend on which pictures stand together.

Example
    for images, labels in test_loader:
        outputs = model(images)

Instead
    model.eval()
    for images, labels in test_loader:
        outputs = model(images)

When to ignore
When dropout at prediction time is meant (Monte Carlo dropout).
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.modes import evaluated_in_training_mode


@rule(
    "missing-eval-mode",
    Severity.WARNING,
    group="inference",
    why="Dropout and batch norm behave as in training, so results are random and too low.",
    fix="Call model.eval() before evaluating, and model.train() before training goes on.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at in evaluated_in_training_mode(facts):
        yield Report(
            "The network is evaluated here in training mode: its dropout or batch norm is still on.",
            at.line,
            at.column,
        )
