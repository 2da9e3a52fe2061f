"""Two layers follow each other with nothing non-linear between them.

What it finds
A convolution or fully connected layer whose input came straight from another one (batch norm,
pooling, dropout and flatten do not count). Pairs that are meant to be linear are left alone:
depthwise and grouped pairs, 1×k with k×1, narrowing bottlenecks, paths that are added or joined,
features that are returned.

Why it hurts
Two linear layers in a row can do no more than one: the depth is wasted.

Example
    x = self.conv1(x)
    x = self.conv2(x)

Instead
    x = F.relu(self.conv1(x))
    x = F.relu(self.conv2(x))

When to ignore
When the pair is a factorisation on purpose.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.linear_pairs import linear_pairs
from cnngui.checker.source.reading import layer_text


@rule(
    "missing-activation",
    Severity.WARNING,
    group="structure",
    why="Two linear layers in a row are one linear layer: the depth is wasted.",
    fix="Put an activation such as nn.ReLU() between the two.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for use, before in linear_pairs(facts):
        message = (
            f"Nothing non-linear stands between {layer_text(before.layer)} (line {before.at.line}) "
            f"and {layer_text(use.layer)}."
        )
        yield Report(message, use.at.line, use.at.column, confidence=Confidence.LIKELY)
