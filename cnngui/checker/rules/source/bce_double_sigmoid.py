"""Sigmoid is applied before a loss that applies it itself.

What it finds
The output of a sigmoid given to BCEWithLogitsLoss.

Why it hurts
The second sigmoid keeps every probability between 0.5 and 0.73: the network can never say no.

Example
    loss = F.binary_cross_entropy_with_logits(torch.sigmoid(x), y)

Instead
    loss = F.binary_cross_entropy_with_logits(x, y)

When to ignore
Never.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.outputs import scored


@rule(
    "bce-double-sigmoid",
    Severity.WARNING,
    group="loss",
    why="The second sigmoid keeps every probability between 0.5 and 0.73.",
    fix="Give BCEWithLogitsLoss raw scores, or use BCELoss after the sigmoid.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for call, last in scored(facts, "BCEWithLogitsLoss"):
        if last.kind in {"sigmoid", "softmax"}:
            word = "Sigmoid" if last.kind == "sigmoid" else "Softmax"
            message = (
                f"{word} is applied here, and BCEWithLogitsLoss (line {call.at.line}) applies sigmoid again."
            )
            yield Report(message, last.at.line, last.at.column)
