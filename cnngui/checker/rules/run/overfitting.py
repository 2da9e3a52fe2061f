"""The network learns the training pictures by heart.

What it finds
A validation loss that has been rising for several epochs, well above its lowest, while the training loss
goes on falling and the two accuracies are far apart.

Why it hurts
What is learnt from here on helps on the training pictures alone. The best network so far is kept in any
case; the rest of the run is spent for nothing.

Example
    two hundred pictures, sixty epochs, no augmentation

Instead
    more pictures, augmentation, weight decay, dropout, or fewer epochs

When to ignore
When you want to see whether the network can learn the pictures by heart.
"""

from collections.abc import Iterator
from statistics import mean

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.rule import Kind, Report, rule
from cnngui.checker.run_facts import RunFacts

# One rising epoch is chance; this many in which the lowest validation loss is not reached again are not.
_PATIENCE = 5

_RISE = 1.2
_GAP = 0.2


@rule(
    "overfitting",
    Severity.WARNING,
    kind=Kind.RUN,
    group="judged",
    why="What is learnt from here on helps on the training pictures alone.",
    fix="Stop here (the best network is kept), or use more pictures, augmentation or weight decay.",
)
def check(facts: RunFacts) -> Iterator[Report]:
    losses = [one.val_loss for one in facts.epochs if one.val_loss is not None]
    if len(losses) < len(facts.epochs) or len(losses) < _PATIENCE + 3:
        return
    lowest = min(range(len(losses)), key=lambda number: losses[number])
    best, last = facts.epochs[lowest], facts.epochs[-1]
    if len(losses) - 1 - lowest < max(_PATIENCE, len(losses) // 6) or last.val_accuracy is None:
        return
    # The loss of a few pictures jumps about: what it must have risen by grows as they get fewer.
    noise = 2 / max(1, facts.val_images) ** 0.5
    risen = mean(losses[-3:]) >= _RISE * losses[lowest] + noise and min(losses[-3:]) > losses[lowest]
    falling = mean(one.train_loss for one in facts.epochs[-3:]) < 0.8 * best.train_loss
    accuracies = [one.val_accuracy or 0.0 for one in facts.epochs[-3:]]
    apart = mean(one.train_accuracy for one in facts.epochs[-3:]) - mean(accuracies) >= _GAP + noise / 2
    if not (risen and falling and apart):
        return
    message = (
        f"Since epoch {best.epoch} the validation loss has risen from {losses[lowest]:.2f} to "
        f"{mean(losses[-3:]):.2f} while the training loss fell to {last.train_loss:.2f}: the network learns "
        f"pictures by heart ({last.train_accuracy:.0%} right, {last.val_accuracy:.0%} in validation)."
    )
    yield Report(
        message,
        part=f"epoch {last.epoch}",
        confidence=Confidence.LIKELY,
        evidence={"best_epoch": best.epoch, "lowest": losses[lowest], "latest": losses[-1]},
    )
