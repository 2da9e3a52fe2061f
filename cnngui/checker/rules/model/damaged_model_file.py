"""The model file cannot be used.

What it finds
A file that is cut short, has a damaged header, holds weights that do not fit its network, or is no model
file at all.

Why it hurts
It cannot classify, or would give wrong answers.

Example
    a download that broke off

Instead
    the whole file

When to ignore
Never.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.network.reading import file_fault
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "damaged-model-file",
    Severity.ERROR,
    kind=Kind.MODEL,
    group="file",
    why="It cannot be used as it is.",
    fix="Copy, download or export it again.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    yield from file_fault(facts, "damaged")
