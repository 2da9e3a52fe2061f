"""Test pictures are changed at random.

What it finds
Random flips, crops, colours or the like in the transform of a data set that is only evaluated.

Why it hurts
The score changes from run to run and is lower than the network deserves.

Example
    test_set = datasets.CIFAR10(root, train=False, transform=train_tf)     # with RandomCrop

Instead
    test_set = datasets.CIFAR10(root, train=False, transform=test_tf)

When to ignore
For test-time augmentation, where several versions are averaged.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.data_faults import augmented_evaluation
from cnngui.checker.source.facts import SourceFacts


@rule(
    "augment-on-eval",
    Severity.WARNING,
    group="data",
    why="The score is random and lower than it should be.",
    fix="Give evaluation a transform of its own without random steps.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in augmented_evaluation(facts):
        yield Report(f"{detail}.", at.line, at.column)
