"""The learning rate is too high.

What it finds
Steps that change the weights by a twelfth of their size or more, together with a loss that is worse than
that of a guess or stuck there, or a layer that has gone silent.

Why it hurts
The weights are thrown about instead of finding their place: the network forgets faster than it learns.

Example
    cnngui train photos --learning-rate 0.3

Instead
    the model's own learning rate, or a tenth of yours

When to ignore
In the first steps of a run, which is why they alone do not count.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.rule import Kind, Report, rule
from cnngui.checker.run_facts import RunFacts, rate_too_high


@rule(
    "lr-too-high",
    Severity.WARNING,
    kind=Kind.RUN,
    group="judged",
    why="The weights are thrown about instead of finding their place.",
    fix="Start again with a tenth of the learning rate, or with the model's own.",
)
def check(facts: RunFacts) -> Iterator[Report]:
    if not rate_too_high(facts):
        return
    worst = max(facts.epochs, key=lambda one: one.train_loss)
    rate = max(one.learning_rate for one in facts.epochs)
    message = (
        f"The learning rate of up to {rate:.2g} is too high: single steps changed the weights by "
        f"{facts.largest_change:.0%} of their size, and the loss is {worst.train_loss:.3g}, where a guess "
        f"has {facts.guess_loss:.2f}."
    )
    yield Report(
        message,
        part=f"epoch {facts.epochs[-1].epoch}",
        confidence=Confidence.LIKELY,
        evidence={"largest_change": facts.largest_change, "learning_rate": rate},
    )
