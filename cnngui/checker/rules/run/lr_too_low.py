"""The learning rate is too low.

What it finds
Steps of which none changes the weights by as much as a ten-thousandth of their size, together with a loss
that hardly moves.

Why it hurts
The network learns so slowly that the run will end long before it is good.

Example
    cnngui train photos --learning-rate 1e-7

Instead
    the model's own learning rate, or a hundred times yours

When to ignore
When a trained network is only to be adjusted a little.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.rule import Kind, Report, rule
from cnngui.checker.run_facts import RunFacts, improvement, rate_too_low, unchanged


@rule(
    "lr-too-low",
    Severity.WARNING,
    kind=Kind.RUN,
    group="judged",
    why="The run will end long before the network is good.",
    fix="Start again with a hundred times the learning rate, or with the model's own.",
)
def check(facts: RunFacts) -> Iterator[Report]:
    if unchanged(facts) is not None or not rate_too_low(facts):
        return
    rate = max(one.learning_rate for one in facts.epochs)
    message = (
        f"The learning rate of up to {rate:.2g} is too low: no step changed the weights by more than "
        f"{facts.largest_change:.1g} of their size, and in {len(facts.stepped)} epochs the loss came down by "
        f"{max(0.0, improvement(facts)):.1%}."
    )
    yield Report(
        message,
        part=f"epoch {facts.epochs[-1].epoch}",
        confidence=Confidence.LIKELY,
        evidence={"largest_change": facts.largest_change, "learning_rate": rate},
    )
