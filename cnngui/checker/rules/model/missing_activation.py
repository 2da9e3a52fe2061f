"""Layers follow each other with nothing non-linear between them.

What it finds
A convolution or fully connected layer whose input came straight from another one (norms, pooling, dropout
and flatten do not count). Pairs that are meant to be linear are left alone: depthwise and grouped ones, 1×k
with k×1, bottlenecks, patches, paths that are added or joined.

Why it hurts
Two linear layers in a row can do no more than one: the depth is wasted.

Example
    nn.Conv2d(3, 16, 3), nn.Conv2d(16, 32, 3)

Instead
    nn.Conv2d(3, 16, 3), nn.ReLU(), nn.Conv2d(16, 32, 3)

When to ignore
When the layers are a factorisation on purpose.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.network.linear_pairs import linear_chains
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "missing-activation",
    Severity.WARNING,
    kind=Kind.MODEL,
    group="structure",
    why="Linear layers in a row are one linear layer: the depth is wasted.",
    fix="Put an activation such as nn.ReLU() between them.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    if facts.trace is None:
        return
    for chain in linear_chains(facts.trace):
        first, last = chain[0], chain[-1]
        count = f" ({len(chain)} layers)" if len(chain) > 2 else ""
        message = f"Nothing non-linear stands between {first} and {last}{count}."
        yield Report(
            message, part=last.path or None, confidence=Confidence.LIKELY, evidence={"layers": len(chain)}
        )
