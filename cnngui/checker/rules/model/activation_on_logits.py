"""The scores pass through an activation at the very end.

What it finds
ReLU or tanh right on the output of the last layer.

Why it hurts
ReLU cuts off every negative score, and its gradient with it; tanh keeps the scores so close together that
the network can never be sure.

Example
    nn.Linear(128, 10), nn.ReLU()        # the end of the network

Instead
    nn.Linear(128, 10)

When to ignore
When the output is not meant for a classification.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.rule import Kind, Report, rule

_NAMES = {
    "relu": "ReLU", "relu6": "ReLU6", "leaky_relu": "LeakyReLU", "elu": "ELU", "gelu": "GELU", "silu": "SiLU",
    "tanh": "Tanh", "hardtanh": "Hardtanh", "softplus": "Softplus",
}  # fmt: skip


@rule(
    "activation-on-logits",
    Severity.WARNING,
    kind=Kind.MODEL,
    group="structure",
    why="The loss wants raw scores; the activation cuts off or squeezes them.",
    fix="Return the output of the last layer as it is.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    if facts.trace is None or facts.output_width is None or facts.output_width < 2:
        return
    name, _, rest = facts.trace.output_tag.ended.partition(" ")
    if rest != "of a layer" or name not in _NAMES:
        return
    last = facts.trace.uses[-1]
    message = f"{_NAMES[name]} is applied to the scores that {last} gives."
    yield Report(message, part=last.path or None, confidence=Confidence.LIKELY)
