"""The list of classes does not match the network's output.

What it finds
A network that gives another number of scores than there are classes, and class names that occur twice.

Why it hurts
Too few outputs stop the loss with 'Target 9 is out of bounds'; too many leave outputs that never win. Names
are shown for the wrong class.

Example
    nn.Linear(128, 1000)      # the folder has 10 classes

Instead
    nn.Linear(128, 10)

When to ignore
When spare outputs are meant for classes that come later.
"""

from collections import Counter
from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "class-list-mismatch",
    Severity.ERROR,
    kind=Kind.MODEL,
    group="shape",
    why="The loss stops, or names are shown for the wrong class.",
    fix="Give the last layer one output per class, in the order of the class list.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    width, classes = facts.output_width, facts.class_count
    # One score, through a sigmoid, is how two classes are told apart as well.
    if width is not None and classes is not None and width != classes and (width, classes) != (1, 2):
        last = facts.trace.uses[-1].path if facts.trace is not None and facts.trace.uses else None
        yield Report(
            f"The network gives {width} scores, but there are {classes} classes.",
            part=last,
            fix=f"Give the last layer {classes} outputs.",
            evidence={"width": width, "classes": classes},
        )
    twice = [name for name, count in Counter(facts.classes).items() if count > 1]
    if twice:
        yield Report(
            f"The class list names “{twice[0]}” more than once.", fix="Give each class a name of its own."
        )
