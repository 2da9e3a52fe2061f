"""Layers are kept where PyTorch does not see them, so they are never trained.

What it finds
Layers in a plain Python list or dictionary of a module, and layers made anew inside forward.

Why it hurts
model.parameters() does not give them: the optimiser never changes them, .to(device) leaves them
behind, and they are not saved.

Example
    self.layers = [nn.Linear(64, 64) for _ in range(3)]

Instead
    self.layers = nn.ModuleList([nn.Linear(64, 64) for _ in range(3)])

When to ignore
When the layers are registered elsewhere under another name, in a way this checker cannot see.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.registration import made_in_forward, unregistered


@rule(
    "unregistered-modules",
    Severity.ERROR,
    group="structure",
    why="The layers are not among model.parameters(): they are never trained, moved or saved.",
    fix="Keep them in nn.ModuleList, nn.ModuleDict or nn.Sequential.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, name, count, kind in unregistered(facts):
        message = (
            f"self.{name} is a plain {kind} with {count} layer(s) that model.parameters() does not give."
        )
        yield Report(message, at.line, at.column)
    for at, layer in made_in_forward(facts):
        message = (
            f"{layer} is made anew in every forward pass: its weights are random each time and never trained."
        )
        yield Report(message, at.line, at.column, fix="Make the layer in __init__ and call it in forward.")
