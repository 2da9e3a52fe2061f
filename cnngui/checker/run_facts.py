"""What a training has said so far, and what it shows: the plain facts that the run rules read. No torch."""

import math
from dataclasses import dataclass, field
from statistics import median

from cnngui.engine.events import EpochDone, Health, RunEnded, RunStarted, StepDone

# Of the healths and reports of steps, so many of the latest are kept, however long the run.
MOST_KEPT = 400


@dataclass(slots=True)
class RunFacts:
    """The events of a run, gathered. Of steps and healths the first ones and the latest are kept."""

    started: RunStarted | None = None
    epochs: list[EpochDone] = field(default_factory=list)
    steps: list[StepDone] = field(default_factory=list)
    health: list[Health] = field(default_factory=list)
    ended: RunEnded | None = None
    first_health: list[Health] = field(default_factory=list)  # at most three
    largest_change: float = 0.0  # of all update ratios
    wild_looks: int = 0  # in which the update ratio was a twelfth or more

    @property
    def guess_loss(self) -> float:
        """The cross-entropy of guessing: every class as likely, ln K nats."""
        return math.log(max(2, len(self.started.classes))) if self.started else math.inf

    @property
    def stepped(self) -> list[EpochDone]:
        """The epochs that took steps that were looked at: Quick, with which Best begins, solves for the last
        layer instead, and of a run that was gone on with the earlier epochs are only remembered."""
        since = self.first_health[0].epoch if self.first_health else 0
        return [one for one in self.epochs if one.learning_rate > 0 and one.epoch >= since]

    @property
    def steps_done(self) -> int:
        return len(self.epochs) * self.started.steps_per_epoch if self.started else 0

    @property
    def progress(self) -> float:
        """The share of the planned epochs that are done."""
        return len(self.epochs) / max(1, self.epochs[-1].epochs) if self.epochs else 0.0

    @property
    def val_images(self) -> int:
        return self.started.val_images if self.started else 0


def at_chance(accuracy: float, images: int, classes: int) -> bool:
    """Whether `accuracy` of so many pictures can be had by guessing: within three standard deviations."""
    chance = 1 / max(2, classes)
    return accuracy <= chance + 3 * math.sqrt(chance * (1 - chance) / max(1, images))


def no_better_than_guessing(facts: RunFacts, epochs: int) -> bool:
    """Whether the training loss of each of the last epochs was about that of a guess, or worse."""
    last = facts.epochs[-epochs:]
    return len(last) == epochs and all(one.train_loss >= 0.97 * facts.guess_loss for one in last)


def improvement(facts: RunFacts) -> float:
    """By what share the training loss has come down since the first epoch that took steps."""
    epochs = facts.stepped
    if len(epochs) < 2:
        return 0.0
    first = epochs[0].train_loss
    return (first - epochs[-1].train_loss) / first if first else 0.0


def gradients_start_huge(facts: RunFacts) -> bool:
    """Whether the gradient was huge before any step could be to blame."""
    return bool(facts.first_health) and facts.first_health[0].grad_norm >= 300


def rate_too_high(facts: RunFacts) -> bool:
    """Steps that turn the weights over, and what shows it: a loss worse than that of a guess or stuck there,
    or a layer that they have silenced."""
    if not facts.epochs or not wild_steps(facts):
        return False
    worse = any(one.train_loss >= 1.5 * facts.guess_loss for one in facts.epochs)
    return worse or no_better_than_guessing(facts, 2) or bool(dead_layers(facts))


def wild_steps(facts: RunFacts) -> bool:
    """Steps that change the weights by a twelfth of their size, where the network itself did not start ill.

    In healthy runs no step was seen to change them by more than a thirtieth.
    """
    if gradients_start_huge(facts) or any(
        share >= 0.95 for one in facts.first_health[:1] for _, share in one.dead
    ):
        return False
    return facts.wild_looks >= 2


def rate_too_low(facts: RunFacts) -> bool:
    """Steps that hardly change anything, and a loss that hardly moves, with gradients that could move it."""
    if len(facts.stepped) < 2 or facts.steps_done < 40 or len(facts.health) < 2:
        return False
    if any(share >= 0.95 for _, share in facts.health[-1].dead):
        return False
    if facts.stepped[-1].train_loss < 0.5 * facts.guess_loss:
        return False  # it has learnt already, as one that is trained longer
    if facts.health[-1].learning_rate >= max(one.learning_rate for one in facts.health):
        return False  # it may still be rising
    return 0 < facts.largest_change < 1e-4 and improvement(facts) < 0.05


def unchanged(facts: RunFacts) -> Health | None:
    """A step that changed no parameter at all, although its learning rate was none of a schedule's last."""
    rate = max((one.learning_rate for one in facts.health), default=0.0)
    for one in facts.health:
        working = one.learning_rate > 0 and one.learning_rate >= 0.01 * rate
        if one.trainable and not one.changed and working and math.isfinite(one.loss):
            return one
    return None


def dead_layers(facts: RunFacts) -> list[tuple[str, float]]:
    """Layers of which nearly every unit was silent in each of the last looks, and the smallest share."""
    return _lasting([one.dead for one in facts.health])


def saturated_layers(facts: RunFacts) -> list[tuple[str, float]]:
    """Layers of which nearly every value was at an end of its sigmoid or tanh in each of the last looks."""
    return _lasting([one.saturated for one in facts.health])


def _lasting(looks: list[tuple[tuple[str, float], ...]]) -> list[tuple[str, float]]:
    """Wholly so in three looks in a row, or for 95 % in five."""
    if len(looks) < 3:
        return []
    found = []
    for place, (name, _) in enumerate(looks[-1]):
        shares = [look[place][1] for look in looks[-5:] if place < len(look)]
        if len(shares) >= 3 and (min(shares[-3:]) >= 1.0 or (len(shares) == 5 and min(shares) >= 0.95)):
            found.append((name, min(shares[-3:])))
    return found


def gradient_reach(facts: RunFacts) -> float | None:
    """The first layer's relative gradient by the last layer's, over the last five looks; None if unknown."""
    looks = [one for one in facts.health[-5:] if one.last_gradient > 0]
    if len(looks) < 3:
        return None
    return median(one.first_gradient / one.last_gradient for one in looks)


def gradient_lost(facts: RunFacts) -> bool:
    """Whether next to none of the gradient reaches the first layer; in healthy runs a hundredth does."""
    reach = gradient_reach(facts)
    return reach is not None and reach < 1 / 500


def broken_otherwise(facts: RunFacts) -> bool:
    """Whether a plainer cause than "it does not learn" is there: one cause gives one finding."""
    return (
        unchanged(facts) is not None
        or rate_too_high(facts)
        or rate_too_low(facts)
        or gradients_start_huge(facts)
        or bool(dead_layers(facts))
        or gradient_lost(facts)
        or any(one.without_gradient for one in facts.health[-1:])
    )
