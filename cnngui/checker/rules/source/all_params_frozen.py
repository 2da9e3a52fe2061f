"""Every layer is frozen, so nothing can be learned.

What it finds
requires_grad = False for all parameters of the network that is trained, with no new layer added
after.

Why it hurts
backward stops with 'element 0 of tensors does not require grad', or the weights never change.

Example
    for p in model.parameters():
        p.requires_grad = False

Instead
    for p in model.parameters():
        p.requires_grad = False
    model.fc = nn.Linear(512, 10)      # a new layer is not frozen

When to ignore
Never.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.optimizer_faults import all_frozen


@rule(
    "all-params-frozen",
    Severity.ERROR,
    group="loop",
    why="No parameter is left to learn: backward stops.",
    fix="Replace the head after freezing, or set requires_grad = True for it.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in all_frozen(facts):
        yield Report(
            f"Every layer of the network is frozen here, and it is trained in line {detail}.",
            at.line,
            at.column,
        )
