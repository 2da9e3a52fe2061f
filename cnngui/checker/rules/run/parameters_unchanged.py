"""A step of the optimiser changes nothing.

What it finds
A step after which every parameter is what it was before.

Why it hurts
The network does not learn at all, however long it is trained.

Example
    optimizer = torch.optim.Adam(old_model.parameters())      # the training is of another network

Instead
    optimizer = torch.optim.Adam(model.parameters())

When to ignore
Never.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Kind, Report, rule
from cnngui.checker.run_facts import RunFacts, dead_layers, unchanged


@rule(
    "parameters-unchanged",
    Severity.ERROR,
    kind=Kind.RUN,
    group="exact",
    why="The network does not learn at all, however long it is trained.",
    fix="Give the optimiser the parameters of this network, with requires_grad set, and call its step.",
)
def check(facts: RunFacts) -> Iterator[Report]:
    found = unchanged(facts)
    if found is None or dead_layers(facts):
        return
    message = (
        f"Step {found.step} of epoch {found.epoch} changed none of the network's {found.trainable} "
        "parameter tensors."
    )
    yield Report(
        message, part=f"epoch {found.epoch}, step {found.step}", evidence={"tensors": found.trainable}
    )
