"""Softmax is applied to what softmax has been applied to.

What it finds
Softmax on probabilities (warning), and a network that ends in softmax (info): CrossEntropyLoss applies
softmax itself, so that training with it would do it twice.

Why it hurts
The second softmax squeezes all probabilities together: with ten classes none can pass 0.24. The gradient
gets small and the network learns slowly and badly.

Example
    nn.Sequential(..., nn.Linear(128, 10), nn.Softmax(dim=1))     # trained with nn.CrossEntropyLoss

Instead
    nn.Sequential(..., nn.Linear(128, 10))

When to ignore
The info: when the network is for classifying alone, or is trained with NLLLoss on the logarithm.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "double-softmax",
    Severity.WARNING,
    kind=Kind.MODEL,
    group="loss",
    why="The second softmax squeezes the probabilities together and shrinks the gradient.",
    fix="Return logits, and apply softmax once, where probabilities are shown.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    for one in facts.trace.softmaxes if facts.trace is not None else ():
        if one.scored == "softmax" or (one.scored == "log_softmax" and one.op == "softmax"):
            yield Report("Softmax is applied twice.", part=one.path or None)
            return
    if facts.scored == "softmax":
        message = "The network ends in softmax; CrossEntropyLoss would apply it a second time."
        yield Report(message, severity=Severity.INFO, confidence=Confidence.HINT)
