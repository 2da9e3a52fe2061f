"""Dropout goes on when the network is evaluated.

What it finds
F.dropout that drops values although the network was put into evaluation mode.

Why it hurts
Predictions are noisy: the same picture gets another answer each time.

Example
    x = F.dropout(x, 0.5)

Instead
    x = F.dropout(x, 0.5, training=self.training)     # or nn.Dropout

When to ignore
When the answers are averaged over many passes on purpose (Monte Carlo dropout).
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "functional-dropout-always-on",
    Severity.WARNING,
    kind=Kind.MODEL,
    group="structure",
    why="The same picture gets another answer each time.",
    fix="Pass training=self.training, or use nn.Dropout.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    for path in facts.trace.always_dropouts if facts.trace else ():
        where = f"in {path}" if path else "in forward"
        yield Report(f"Dropout {where} works in evaluation mode too.", part=path or None)
