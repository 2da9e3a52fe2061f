"""Losses are summed up with their graphs.

What it finds
running_loss += loss, or losses.append(loss), without .item() on a loss that backward was called on.

Why it hurts
Each loss keeps its graph alive: memory grows with every batch.

Example
    running_loss += loss

Instead
    running_loss += loss.item()

When to ignore
Never.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.loop_faults import kept_losses


@rule(
    "loss-tensor-accumulated",
    Severity.WARNING,
    group="loop",
    why="Every loss keeps its graph: memory grows with every batch.",
    fix="Use loss.item() (or loss.detach()).",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in kept_losses(facts):
        yield Report(f"{detail} with its graph, which is kept for the whole epoch.", at.line, at.column)
