"""A squared error is used to tell classes apart.

What it finds
MSELoss (or L1Loss) between the scores of a network and class numbers or one-hot vectors.

Why it hurts
With class numbers it claims that class 9 is further from 0 than 1 is. With one-hot vectors its
gradient fades where the network is most wrong: training is slow.

Example
    loss = F.mse_loss(model(x), F.one_hot(y, 10).float())

Instead
    loss = F.cross_entropy(model(x), y)

When to ignore
When a paper's method asks for it, or the classes are an ordered scale.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.outputs import is_class_target


@rule(
    "mse-for-classification",
    Severity.WARNING,
    group="loss",
    why="The squared error fades where the network is most wrong, and orders classes that have no order.",
    fix="Use nn.CrossEntropyLoss with class numbers.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for call in facts.losses:
        if call.kind in {"MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"} and is_class_target(call):
            message = f"{call.kind} compares the network's scores with classes (line {call.at.line})."
            yield Report(message, call.made_at.line, call.made_at.column)
