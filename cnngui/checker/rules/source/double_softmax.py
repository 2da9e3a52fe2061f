"""Softmax is applied before a loss that applies it itself.

What it finds
Probabilities (softmax) given to CrossEntropyLoss, which takes the logarithm of a softmax of its
input.

Why it hurts
The second softmax flattens the probabilities: with ten classes the loss cannot fall below 1.46,
gradients are small and training is slow and poor.

Example
    return F.softmax(self.fc2(x), dim=1)     # then nn.CrossEntropyLoss

Instead
    return self.fc2(x)

When to ignore
Never for CrossEntropyLoss.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.outputs import scored


@rule(
    "double-softmax",
    Severity.WARNING,
    group="loss",
    why="The second softmax squeezes the scores together: training is slow and stays poor.",
    fix="Give the loss raw scores; apply softmax only where probabilities are shown.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for call, last in scored(facts, "CrossEntropyLoss"):
        if last.kind == "softmax":
            message = f"Softmax is applied here, and CrossEntropyLoss (line {call.at.line}) applies it again."
            yield Report(message, last.at.line, last.at.column)
