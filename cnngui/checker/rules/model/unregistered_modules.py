"""Layers stand in a plain list or dictionary, where the network does not know of them.

What it finds
An attribute that is a list, tuple or dict of modules which are registered nowhere else.

Why it hurts
Their weights are missing from parameters(), so that the optimiser never changes them, from state_dict()
and from .to(device).

Example
    self.blocks = [Block(64) for _ in range(4)]

Instead
    self.blocks = nn.ModuleList(Block(64) for _ in range(4))

When to ignore
When the layers belong to another network on purpose.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "unregistered-modules",
    Severity.ERROR,
    kind=Kind.MODEL,
    group="structure",
    why="Their weights are neither trained, nor saved, nor moved to the device.",
    fix="Use nn.ModuleList or nn.ModuleDict.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    for name, count in facts.unregistered:
        yield Report(f"{count} layers in the plain list {name} are unknown to the network.", part=name)
