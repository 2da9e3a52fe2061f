"""A yes-or-no loss is used with class numbers.

What it finds
BCELoss or BCEWithLogitsLoss given scores (N, C) for several classes and targets (N) that are class
numbers.

Why it hurts
The shapes do not fit and the loss stops with 'Target size must be the same as input size'.

Example
    criterion = nn.BCEWithLogitsLoss()      # 10 scores, labels 0 to 9

Instead
    criterion = nn.CrossEntropyLoss()

When to ignore
Never with class numbers. Several labels per picture, given as 0/1 vectors, are right and stay
silent.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.outputs import is_multiclass


@rule(
    "bce-for-multiclass",
    Severity.ERROR,
    group="loss",
    why="The loss compares one number per class with one class number per picture and stops.",
    fix="Use nn.CrossEntropyLoss for one class out of several.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for call in facts.losses:
        if call.kind in {"BCELoss", "BCEWithLogitsLoss"} and is_multiclass(call):
            message = f"{call.kind} gets class numbers of several classes as targets (line {call.at.line})."
            yield Report(message, call.made_at.line, call.made_at.column)
