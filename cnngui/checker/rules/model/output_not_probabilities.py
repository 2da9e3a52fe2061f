"""The network gives logits, not probabilities.

What it finds
A network whose output went through no softmax.

Why it hurts
It does not: it is how classifiers are trained. But a logit of 3.2 is not "3.2 %": logits are scores of any
size, negative ones included. Softmax turns them into probabilities that add up to 1. The largest stays the
largest, so that for the answer alone argmax is enough.

Example
    print(model(picture))                            # tensor([[ 3.2, -1.1, 0.4]])

Instead
    print(torch.softmax(model(picture), dim=1))      # tensor([[0.93, 0.01, 0.06]])

When to ignore
Always, as long as the numbers are not shown as probabilities.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "output-not-probabilities",
    Severity.INFO,
    kind=Kind.MODEL,
    group="inference",
    why="Logits are scores of any size; only softmax makes probabilities of them.",
    fix="For probabilities, apply torch.softmax(logits, dim=1); for the answer alone, argmax is enough.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    width = facts.output_width
    if facts.scored is None or width is None or width < 2:
        return
    if facts.scored == "":
        yield Report(
            f"The network gives {width} logits: scores, not probabilities.", evidence={"width": width}
        )
    elif facts.scored == "sigmoid":
        message = f"The network gives {width} values from 0 to 1, each by itself: they need not add up to 1."
        yield Report(message, fix="For one class per picture, return logits and apply softmax afterwards.")
    elif facts.scored == "log_softmax":
        message = f"The network gives {width} log-probabilities: all of them are negative."
        yield Report(message, fix="For probabilities, apply torch.exp; train with NLLLoss.")
