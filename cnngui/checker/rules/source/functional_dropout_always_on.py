"""Dropout that model.eval() does not switch off.

What it finds
F.dropout without training=self.training, and nn.Dropout made inside forward.

Why it hurts
F.dropout drops by default in evaluation as well: predictions are random and worse than the network
is.

Example
    x = F.dropout(x, 0.5)

Instead
    x = F.dropout(x, 0.5, training=self.training)    # or nn.Dropout in __init__

When to ignore
When dropout at prediction time is meant (Monte Carlo dropout).
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts


@rule(
    "functional-dropout-always-on",
    Severity.WARNING,
    group="structure",
    why="Values are dropped in evaluation too, so predictions are random.",
    fix="Pass training=self.training, or make nn.Dropout in __init__ and call it.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for use in facts.dropouts:
        if use.explicit and any(
            word in use.at.function.lower() for word in ("mc", "monte", "uncertain", "sample")
        ):
            continue
        if use.how == "functional":
            message = "F.dropout is always on here: it does not know about model.eval()."
        else:
            message = (
                "nn.Dropout made inside forward is always in training mode: model.eval() does not reach it."
            )
        yield Report(message, use.at.line, use.at.column)
