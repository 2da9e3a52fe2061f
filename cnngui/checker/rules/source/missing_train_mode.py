"""Training goes on in evaluation mode.

What it finds
A network set to eval() whose training loop runs without train() before it.

Why it hurts
From the second epoch on dropout is off and batch norm no longer follows the data.

Example
    for epoch in range(10):
        train(model)          # never calls model.train()
        validate(model)       # calls model.eval()

Instead
    for epoch in range(10):
        model.train()
        train(model)
        validate(model)

When to ignore
When batch norm is kept fixed on purpose while fine-tuning.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.modes import trained_in_eval_mode


@rule(
    "missing-train-mode",
    Severity.WARNING,
    group="loop",
    why="Dropout is off and batch norm is fixed while training.",
    fix="Call model.train() at the start of every epoch.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in trained_in_eval_mode(facts):
        yield Report(f"The network is trained here in evaluation mode{detail}.", at.line, at.column)
