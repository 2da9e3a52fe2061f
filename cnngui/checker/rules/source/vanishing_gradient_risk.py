"""Many saturating activations follow each other with no normalisation or skip between them.

What it finds
Four or more hidden sigmoids, or seven or more tanh, in a row, without batch norm or skip
connections.

Why it hurts
Each sigmoid passes on at most a quarter of the gradient: after four, at most 1/256 reaches the
first layer, which hardly learns.

Example
    x = torch.sigmoid(self.conv5(torch.sigmoid(self.conv4(x))))

Instead
    x = F.relu(self.bn5(self.conv5(F.relu(self.bn4(self.conv4(x))))))

When to ignore
When reproducing a historic network.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts

LIMITS = {"sigmoid": 4, "tanh": 7}


@rule(
    "vanishing-gradient-risk",
    Severity.WARNING,
    group="structure",
    why="Each saturating activation shrinks the gradient: the first layers hardly learn.",
    fix="Use ReLU in the hidden layers, or add batch norm or skip connections.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    deepest: dict[tuple[str, str], tuple[int, int, int]] = {}
    for use in facts.layers:
        if use.kind not in {"conv", "linear"} or use.given.bends is None:
            continue
        kind, count, at = use.given.bends
        key = (kind, use.at.function)
        if count >= LIMITS[kind] and count > deepest.get(key, (0, 0, 0))[0]:
            deepest[key] = (count, at.line, at.column)
    for (kind, _), (count, line, column) in deepest.items():
        share = (
            f" lets at most 1/{4**count} of the gradient through"
            if kind == "sigmoid"
            else " can let the gradient vanish"
        )
        yield Report(f"{count} hidden {kind} activations in a row{share}.", line, column)
