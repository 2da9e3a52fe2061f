"""The network has another number of outputs than the data has classes.

What it finds
Scores of a network whose width differs from the number of classes of the data set or of the list of
class names.

Why it hurts
Too few outputs stop the loss with 'Target 9 is out of bounds'; too many leave outputs that never
win and are silently wrong about the names.

Example
    train = datasets.CIFAR100(root, train=True, transform=tf)
    self.fc = nn.Linear(128, 10)

Instead
    self.fc = nn.Linear(128, 100)

When to ignore
When the spare outputs are meant for classes that come later.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.outputs import class_mismatches


@rule(
    "class-count-mismatch",
    Severity.ERROR,
    group="shape",
    why="The loss stops at the first label that has no output, or outputs are left that never mean anything.",
    fix="Give the last layer one output per class.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, outputs, classes, name, sure in class_mismatches(facts):
        message = f"The network gives {outputs} scores, but {name} has {classes} classes."
        confidence = Confidence.PROVEN if sure else Confidence.LIKELY
        yield Report(
            message, at.line, at.column, confidence=confidence, fix=f"Give the last layer {classes} outputs."
        )
