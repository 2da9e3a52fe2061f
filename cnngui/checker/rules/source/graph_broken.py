"""The loss is cut off from the network.

What it finds
A loss computed from detached values (.detach(), .data, .item(), .numpy(), torch.tensor(...),
argmax, no_grad) on which backward is called.

Why it hurts
backward stops with 'does not require grad', or gradients never reach the network.

Example
    loss = criterion(model(x).detach(), y)

Instead
    loss = criterion(model(x), y)

When to ignore
Never where backward follows.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.loop_faults import broken_graphs


@rule(
    "graph-broken",
    Severity.ERROR,
    group="loop",
    why="No gradient reaches the network: backward stops or nothing is learned.",
    fix="Compute the loss from the network's output itself.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in broken_graphs(facts):
        yield Report(f"{detail}.", at.line, at.column)
