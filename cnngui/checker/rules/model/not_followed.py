"""The network could not be followed.

What it finds
A network that cannot be run on shapes alone or on an empty batch, such as one whose path depends on what is
in the picture, or that cannot be copied.

Why it hurts
Most rules had nothing to look at: no finding does not mean that there is no fault.

Example
    def forward(self, x): return self.head(self.read_from_camera())

Instead
    def forward(self, x): return self.head(x)

When to ignore
When the network is meant to be so.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "not-followed",
    Severity.INFO,
    kind=Kind.MODEL,
    group="structure",
    why="Most rules had nothing to look at.",
    fix="Try the network on a batch of pictures yourself.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    if facts.unfollowed:
        message = f"The network could not be followed ({facts.unfollowed})."
        yield Report(message, confidence=Confidence.HINT)
