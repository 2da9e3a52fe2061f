"""A layer has gone silent.

What it finds
A ReLU whose channels or features are nearly all zero on whole batches, look after look; or a sigmoid or tanh
whose values are nearly all at an end of their range.

Why it hurts
Where a ReLU is zero or a sigmoid flat, no gradient comes through: what lies before it no longer learns.

Example
    biases that start at -20, or a learning rate that threw the weights far off

Instead
    biases at zero, a smaller learning rate, batch norm, LeakyReLU

When to ignore
When the layer is a gate that is meant to be shut.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.rule import Kind, Report, rule
from cnngui.checker.run_facts import RunFacts, dead_layers, saturated_layers, wild_steps


@rule(
    "dead-activations",
    Severity.WARNING,
    kind=Kind.RUN,
    group="judged",
    why="No gradient comes through: what lies before it no longer learns.",
    fix="Use a smaller learning rate, start biases at zero, add batch norm, or use LeakyReLU.",
)
def check(facts: RunFacts) -> Iterator[Report]:
    if wild_steps(facts):
        return
    for found, words in ((dead_layers(facts), "zero"), (saturated_layers(facts), "at an end of their range")):
        if found:
            name, share = found[0]
            what = "units" if words == "zero" else "values"
            yield Report(
                f"{share:.0%} of the {what} after {name} are {words} in every batch looked at.",
                part=name,
                confidence=Confidence.LIKELY,
                evidence={"share": share, "layers": len(found)},
            )
            return
