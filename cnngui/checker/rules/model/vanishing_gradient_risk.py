"""Many saturating activations follow each other with no normalisation or skip between them.

What it finds
Four or more sigmoids, or seven or more tanh, in a row, without a norm or a skip connection.

Why it hurts
Each sigmoid passes on at most a quarter of the gradient: after four, at most 1/256 reaches the first
layer, which hardly learns.

Example
    nn.Conv2d(16, 32, 3), nn.Sigmoid(), nn.Conv2d(32, 64, 3), nn.Sigmoid(), ...

Instead
    nn.Conv2d(16, 32, 3), nn.BatchNorm2d(32), nn.ReLU(), ...

When to ignore
When reproducing a historic network.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.rule import Kind, Report, rule

LIMITS = {"sigmoid": 4, "tanh": 7}


@rule(
    "vanishing-gradient-risk",
    Severity.WARNING,
    kind=Kind.MODEL,
    group="structure",
    why="Each saturating activation shrinks the gradient: the first layers hardly learn.",
    fix="Use ReLU in the hidden layers, or add batch norm or skip connections.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    if facts.trace is None:
        return
    for kind, count, path in facts.trace.deepest:
        if count < LIMITS[kind]:
            continue
        share = (
            f"lets at most 1/{4**count} of the gradient through"
            if kind == "sigmoid"
            else "can let the gradient vanish"
        )
        message = f"{count} {kind} activations in a row: that {share}."
        yield Report(message, part=path or None, evidence={"activations": count})
