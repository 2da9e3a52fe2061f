"""The network cannot be run forward.

What it finds
A forward pass that raises an error for a reason that none of the other rules names.

Why it hurts
Nothing can be trained or classified.

Example
    def forward(self, x):
        return self.classifer(x)      # AttributeError: a typing mistake

Instead
    def forward(self, x):
        return self.classifier(x)

When to ignore
When the network takes something other than one batch of pictures (N, C, H, W).
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.network.facts import ModelFacts, picture_text
from cnngui.checker.network.reading import fault
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "forward-fails",
    Severity.ERROR,
    kind=Kind.MODEL,
    group="shape",
    why="Nothing can be trained or classified.",
    fix="Run the network on one batch of zeros and follow PyTorch's message.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    for trace, found in fault(facts, "other", "assert"):
        message = f"{found.layer or 'The network'} stops on {picture_text(trace)}: {found.error}."
        yield Report(message, part=found.path or None, confidence=Confidence.LIKELY)
