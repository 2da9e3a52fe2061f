"""A pretrained network gets pictures normalised in another way than it was trained with.

What it finds
A network with ImageNet weights whose pictures are not normalised with ImageNet's mean and std.

Why it hurts
The learned features meet values they never saw: accuracy is lost, most of all while the network is
frozen.

Example
    transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))

Instead
    transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))     # or weights.transforms()

When to ignore
When the whole network is trained for long on its own statistics.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.data_faults import foreign_normalization
from cnngui.checker.source.facts import SourceFacts


@rule(
    "pretrained-norm-mismatch",
    Severity.WARNING,
    group="data",
    why="The pretrained features expect ImageNet's mean and std.",
    fix="Use Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)).",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in foreign_normalization(facts):
        yield Report(f"The network has ImageNet weights, but {detail}.", at.line, at.column)
