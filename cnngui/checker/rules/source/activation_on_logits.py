"""The scores pass through an activation before the loss that wants raw scores.

What it finds
ReLU, tanh or sigmoid on the output of the last layer, before CrossEntropyLoss.

Why it hurts
ReLU cuts off every negative score, and its gradient with it; sigmoid and tanh keep the scores so
close together that the network can never be sure.

Example
    return F.relu(self.fc2(x))       # then nn.CrossEntropyLoss

Instead
    return self.fc2(x)

When to ignore
Never for CrossEntropyLoss.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.values import Tensor

KINDS = {"relu": "ReLU (or a relative of it)", "tanh": "tanh", "sigmoid": "Sigmoid", "hardsigmoid": "Sigmoid"}


@rule(
    "activation-on-logits",
    Severity.WARNING,
    group="structure",
    why="The loss wants raw scores; the activation cuts off or squeezes them.",
    fix="Return the output of the last layer as it is.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for call in facts.losses:
        scores = call.scores
        if call.kind != "CrossEntropyLoss" or not isinstance(scores, Tensor) or scores.last is None:
            continue
        last = scores.last
        learned = last.before is not None and last.before.kind in {"linear", "conv", "bn"}
        if last.kind in KINDS and learned and (scores.shape is None or len(scores.shape) == 2):
            message = f"{KINDS[last.kind]} is applied to the scores before {call.kind} (line {call.at.line})."
            yield Report(message, last.at.line, last.at.column)
