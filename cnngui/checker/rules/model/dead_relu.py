"""ReLUs that give zero for every picture.

What it finds
A ReLU of which all channels or features are zero on every picture tried (or nearly all, on pictures of the
user's own).

Why it hurts
A dead ReLU passes on neither values nor gradients: it never recovers. When a whole layer is dead, the
network gives the same answer to every picture.

Example
    nn.init.constant_(conv.bias, -10)

Instead
    nn.init.zeros_(conv.bias), a smaller learning rate, or nn.LeakyReLU

When to ignore
When few pictures were tried and they are all of one kind.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.rule import Kind, Report, rule

# With pictures of the user's own, and enough of them, this share of a layer is more than chance.
_MOST = 0.9
_ENOUGH = 32


@rule(
    "dead-relu",
    Severity.WARNING,
    kind=Kind.MODEL,
    group="weights",
    why="A dead ReLU passes on neither values nor gradients and never recovers.",
    fix="Train again with a smaller learning rate, start biases at zero, or use LeakyReLU.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    for one in facts.dead:
        enough = one.real and one.pictures >= _ENOUGH
        if one.dead < one.units and not (enough and one.dead >= _MOST * one.units):
            continue
        kind = "pictures" if one.real else "drawn pictures"
        where = f"the ReLU at {one.path}" if one.path else "a ReLU"
        yield Report(
            f"{one.dead} of {one.units} units of {where} are zero on all {one.pictures} {kind}.",
            part=one.path or None,
            confidence=Confidence.LIKELY,
            evidence={"dead": one.dead, "units": one.units, "pictures": one.pictures},
        )
        return  # what comes after a dead layer is dead as well
