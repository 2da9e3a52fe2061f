"""The gradient does not reach the first layers.

What it finds
A first layer whose gradient, by the size of its weights, is less than a five-hundredth of the last layer's,
look after look, in a run that does no better than guessing.

Why it hurts
The first layers, which should learn edges and colours, stay as they were drawn at the start.

Example
    ten convolutions with sigmoids between them

Instead
    ReLU and batch norm, or skip connections

When to ignore
When the first layers are trained already and kept on purpose.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.rule import Kind, Report, rule
from cnngui.checker.run_facts import (
    RunFacts,
    dead_layers,
    gradient_lost,
    gradient_reach,
    no_better_than_guessing,
    rate_too_high,
    rate_too_low,
)


@rule(
    "vanishing-gradients",
    Severity.WARNING,
    kind=Kind.RUN,
    group="judged",
    why="The first layers stay as they were drawn at the start.",
    fix="Use ReLU and batch norm in the hidden layers, or skip connections.",
)
def check(facts: RunFacts) -> Iterator[Report]:
    if not gradient_lost(facts) or facts.steps_done < 40 or not no_better_than_guessing(facts, 2):
        return
    if dead_layers(facts) or rate_too_high(facts) or rate_too_low(facts):
        return
    reach = gradient_reach(facts)
    share = f"1/{round(1 / reach)}" if reach else "nothing"
    yield Report(
        f"The first layer gets {share} of the last layer's gradient, by the size of their weights.",
        part=f"epoch {facts.epochs[-1].epoch}",
        confidence=Confidence.LIKELY,
        evidence={"share": reach or 0.0},
    )
