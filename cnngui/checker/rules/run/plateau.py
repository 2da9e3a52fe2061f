"""The run has stopped getting better.

What it finds
Ten epochs or more, and two fifths of the run so far, without a better validation accuracy or a lower
validation loss, while the training loss hardly moves either.

Why it hurts
Little is to be gained from the epochs to come. The best network so far is kept.

Example
    the later half of a run that was planned too long

Instead
    stop, or start again with fewer epochs

When to ignore
When the learning rate is about to come down: many networks gain once more in the last epochs.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.rule import Kind, Report, rule
from cnngui.checker.run_facts import RunFacts


@rule(
    "plateau",
    Severity.INFO,
    kind=Kind.RUN,
    group="judged",
    why="Little is to be gained from the epochs to come.",
    fix="Stop if you are content (the best network is kept), or let the learning rate come down first.",
)
def check(facts: RunFacts) -> Iterator[Report]:
    epochs = facts.epochs
    if len(epochs) < 12 or facts.progress > 0.9 or any(one.val_loss is None for one in epochs):
        return
    losses = [one.val_loss or 0.0 for one in epochs]
    accuracies = [one.val_accuracy or 0.0 for one in epochs]
    latest = max(losses.index(min(losses)), accuracies.index(max(accuracies)))
    since = len(epochs) - 1 - latest
    if since < max(10, 2 * len(epochs) // 5):
        return
    before, now = epochs[latest].train_loss, epochs[-1].train_loss
    if abs(before - now) > 0.03 * before:
        return
    message = f"Nothing has become better for {since} epochs: epoch {epochs[latest].epoch} was the best."
    yield Report(
        message, part=f"epoch {epochs[-1].epoch}", confidence=Confidence.HINT, evidence={"epochs": since}
    )
