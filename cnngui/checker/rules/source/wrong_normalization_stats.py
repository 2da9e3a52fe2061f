"""Normalize has numbers that do not belong to these pictures.

What it finds
Mean and std of another data set, of another scale (0 to 255 after ToTensor), with another number of
channels, or swapped.

Why it hurts
Inputs end up far from zero mean and unit variance: training is slower than it should be.

Example
    datasets.CIFAR10(root, transform=Compose([ToTensor(), Normalize((0.1307,), (0.3081,))]))

Instead
    Normalize((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))

When to ignore
When the same numbers were used for pretraining.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.data_faults import wrong_stats
from cnngui.checker.source.facts import SourceFacts


@rule(
    "wrong-normalization-stats",
    Severity.WARNING,
    group="data",
    why="Inputs are not centred and scaled as intended.",
    fix="Use the mean and std of this data set, or 0.5 and 0.5.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in wrong_stats(facts):
        yield Report(f"{detail}.", at.line, at.column)
