"""The gradients are far too large.

What it finds
Gradients with a norm in the hundreds or more, look after look, either from the very start or a hundred
times what they were, together with a loss that is worse than that of a guess.

Why it hurts
Each step overshoots. With plain gradient descent the weights soon are no numbers any more.

Example
    a network without normalisation that multiplies its output, or pictures of 0 to 255

Instead
    pictures normalised, batch norm, torch.nn.utils.clip_grad_norm_

When to ignore
When the gradients are clipped and the loss comes down.
"""

from collections.abc import Iterator
from statistics import median

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.rule import Kind, Report, rule
from cnngui.checker.run_facts import RunFacts, gradients_start_huge, rate_too_high

_HUGE = 300


@rule(
    "exploding-gradients",
    Severity.WARNING,
    kind=Kind.RUN,
    group="judged",
    why="Each step overshoots, and the weights may soon be no numbers any more.",
    fix="Normalise the pictures, add batch norm, or clip the gradients.",
)
def check(facts: RunFacts) -> Iterator[Report]:
    if len(facts.health) < 3 or not facts.epochs or rate_too_high(facts):
        return
    now = median(one.grad_norm for one in facts.health[-3:])
    grown = now >= 100 * median(one.grad_norm for one in facts.first_health)
    worse = facts.epochs[-1].train_loss >= 1.5 * facts.guess_loss
    if now < _HUGE or not worse or not (grown or gradients_start_huge(facts)):
        return
    message = (
        f"The gradients have a norm of {now:.2g}, and the loss is {facts.epochs[-1].train_loss:.3g}, where "
        f"a guess has {facts.guess_loss:.2f}."
    )
    yield Report(
        message,
        part=f"epoch {facts.epochs[-1].epoch}",
        confidence=Confidence.LIKELY,
        evidence={"grad_norm": now},
    )
