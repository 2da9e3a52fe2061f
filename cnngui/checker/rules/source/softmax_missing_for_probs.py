"""Raw scores are shown or compared as if they were probabilities.

What it finds
A score of the network printed, stored under a name such as confidence, or compared with a number
between 0 and 1, without softmax.

Why it hurts
Raw scores are not between 0 and 1 and do not add up to one: a confidence of 7.3 means nothing, and
a threshold of 0.5 is passed by chance.

Example
    confidence, label = torch.max(model(x), 1)

Instead
    confidence, label = torch.softmax(model(x), dim=1).max(1)

When to ignore
When the number is called a score and read as one.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.outputs import logits_picked, logits_shown


@rule(
    "softmax-missing-for-probs",
    Severity.WARNING,
    group="inference",
    why="Raw scores are not probabilities: they may be negative or far above one.",
    fix="Apply torch.softmax(scores, dim=1) before showing or comparing them.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for shown, how in logits_shown(facts):
        yield Report(
            f"Raw scores are {how} as probabilities.",
            shown.at.line,
            shown.at.column,
            confidence=Confidence.LIKELY,
        )
    for at in logits_picked(facts):
        message = (
            "The class is picked from raw scores, and that is right: softmax keeps their order, so the "
            "largest score is also the largest probability. Softmax is needed where a probability is shown."
        )
        yield Report(message, at.line, at.column, fix="Nothing to do.", severity=Severity.INFO)
