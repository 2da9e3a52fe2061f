"""The network is tested on pictures it was trained with.

What it finds
A test or validation loader whose pictures are among those of the training loader, and training on
the test set.

Why it hurts
The score says nothing about new pictures: it is too high, and overfitting stays unseen.

Example
    test_set = datasets.CIFAR10(root, train=True, transform=tf)

Instead
    test_set = datasets.CIFAR10(root, train=False, transform=tf)

When to ignore
When the score on training pictures is wanted and called so.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.leakage import leaks


@rule(
    "data-leakage",
    Severity.ERROR,
    group="data",
    why="The score is measured on pictures the network knows.",
    fix="Use the test split, or parts of random_split that do not overlap.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in leaks(facts):
        yield Report(f"{detail}.", at.line, at.column)
