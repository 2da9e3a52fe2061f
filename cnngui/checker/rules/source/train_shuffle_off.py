"""Training pictures are not shuffled.

What it finds
A DataLoader that is trained from with no shuffle=True and no sampler.

Why it hurts
Folders and many data sets are sorted by class: the network sees one class at a time and forgets the
one before.

Example
    train_loader = DataLoader(train_set, batch_size=64)

Instead
    train_loader = DataLoader(train_set, batch_size=64, shuffle=True)

When to ignore
When the data set shuffles itself.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.data_faults import unshuffled
from cnngui.checker.source.facts import SourceFacts


@rule(
    "train-shuffle-off",
    Severity.WARNING,
    group="data",
    why="Batches hold one class after the other, or always the same pictures together.",
    fix="Add shuffle=True to the training loader.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in unshuffled(facts):
        yield Report(f"{detail}.", at.line, at.column)
