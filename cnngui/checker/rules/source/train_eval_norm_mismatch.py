"""Training and test pictures are normalised differently.

What it finds
A data set for evaluation whose Normalize has other numbers than that of the training set, or none.

Why it hurts
The network sees test pictures in colours it never met: the score falls for no visible reason.

Example
    test_tf = transforms.Compose([transforms.ToTensor()])      # training normalises

Instead
    test_tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize(MEAN, STD)])

When to ignore
Never.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.data_faults import normalized_differently
from cnngui.checker.source.facts import SourceFacts


@rule(
    "train-eval-norm-mismatch",
    Severity.WARNING,
    group="data",
    why="Test pictures have other values than those the network learned from.",
    fix="Normalise both with the same mean and std.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in normalized_differently(facts):
        yield Report(f"{detail}.", at.line, at.column)
