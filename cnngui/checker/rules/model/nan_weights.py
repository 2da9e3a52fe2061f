"""Weights are not numbers.

What it finds
A weight or buffer with NaN or infinite values.

Why it hurts
One NaN makes every answer of the network NaN: the training that made it broke down.

Example
    a training whose loss became NaN, saved at its end

Instead
    an earlier, healthy state, or a new training with a tenth of the learning rate

When to ignore
Never.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "nan-weights",
    Severity.ERROR,
    kind=Kind.MODEL,
    group="weights",
    why="One such value makes every answer worthless: the training broke down.",
    fix="Go back to an earlier state, or train again with a tenth of the learning rate.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    if not facts.bad_weights:
        return
    first = facts.bad_weights[0]
    parts = [f"{count} {word}" for count, word in ((first.nan, "NaN"), (first.infinite, "infinite")) if count]
    more = f"; so have {len(facts.bad_weights) - 1} more tensors" if len(facts.bad_weights) > 1 else ""
    yield Report(
        f"{first.name} has {' and '.join(parts)} of {first.total} values{more}.",
        part=first.name,
        evidence={"tensors": len(facts.bad_weights), "nan": first.nan, "infinite": first.infinite},
    )
