"""Normalize stands before ToTensor.

What it finds
transforms.Normalize on a picture that is not a tensor yet.

Why it hurts
Normalize takes tensors: it stops with 'img should be Tensor Image'.

Example
    transforms.Compose([transforms.Normalize((0.5,), (0.5,)), transforms.ToTensor()])

Instead
    transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])

When to ignore
Never.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.data_faults import normalized_early
from cnngui.checker.source.facts import SourceFacts


@rule(
    "normalize-before-totensor",
    Severity.ERROR,
    group="data",
    why="Normalize only takes tensors and stops.",
    fix="Put ToTensor before Normalize.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in normalized_early(facts):
        yield Report(f"Normalize stands before {detail}, but it only takes tensors.", at.line, at.column)
