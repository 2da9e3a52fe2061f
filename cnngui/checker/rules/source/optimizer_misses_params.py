"""The optimiser does not know some of the layers that are to be trained.

What it finds
An optimiser made before a layer was replaced or the network was made again, or given only some of
the layers of a network trained from scratch.

Why it hurts
These layers keep their random weights for ever.

Example
    optimizer = torch.optim.Adam(model.parameters())
    model.fc = nn.Linear(512, 10)

Instead
    model.fc = nn.Linear(512, 10)
    optimizer = torch.optim.Adam(model.parameters())

When to ignore
When the layers are left random on purpose.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.optimizer_faults import missed_layers


@rule(
    "optimizer-misses-params",
    Severity.ERROR,
    group="loop",
    why="Layers the optimiser does not know keep their random weights.",
    fix="Make the optimiser after the network is complete, with model.parameters().",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in missed_layers(facts):
        yield Report(f"The optimiser does not train {detail}.", at.line, at.column)
