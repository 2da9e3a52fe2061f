"""The network does no better than guessing.

What it finds
A run of which a good part is done and whose accuracy is still that of a guess, with a loss to match: in
training, or on the validation pictures while the training ones are learnt by heart.

Why it hurts
More epochs will not help. Most often the labels do not belong to the pictures, or the pictures do not show
what tells the classes apart.

Example
    labels read from a table in another order than the pictures

Instead
    a look at a few pictures with their labels, and a test whether ten pictures can be learnt by heart

When to ignore
When the classes cannot be told apart from single pictures.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.rule import Kind, Report, rule
from cnngui.checker.run_facts import RunFacts, at_chance, broken_otherwise, no_better_than_guessing

# Of fewer validation pictures, guessing and not guessing look the same.
_FEWEST_VALIDATION = 40


@rule(
    "not-learning",
    Severity.WARNING,
    kind=Kind.RUN,
    group="judged",
    why="More epochs will not help: something between the pictures and the labels is wrong.",
    fix="Look at some pictures with their labels, and try whether ten pictures can be learnt by heart.",
)
def check(facts: RunFacts) -> Iterator[Report]:
    started = facts.started
    if started is None or len(facts.epochs) < 5 or facts.steps_done < 100 or facts.progress < 0.4:
        return
    if broken_otherwise(facts):
        return
    classes = len(started.classes)
    last = facts.epochs[-3:]
    part = f"epoch {last[-1].epoch}"
    if no_better_than_guessing(facts, 3) and all(
        at_chance(one.train_accuracy, started.train_images, classes) for one in last
    ):
        message = (
            f"After {len(facts.epochs)} epochs the network is right on {last[-1].train_accuracy:.0%} of the "
            f"training pictures; guessing among {classes} classes gives {1 / classes:.0%}."
        )
        yield Report(message, part=part, confidence=Confidence.LIKELY)
        return
    seen = [(one.val_accuracy, one.val_loss) for one in facts.epochs]
    scores = [(accuracy, loss) for accuracy, loss in seen if accuracy is not None and loss is not None]
    if started.val_images < _FEWEST_VALIDATION or len(scores) < len(facts.epochs):
        return
    if all(
        at_chance(accuracy, started.val_images, classes) for accuracy, _ in scores[len(scores) // 3 :]
    ) and all(loss >= 0.985 * facts.guess_loss for _, loss in scores):
        message = (
            f"On validation pictures the network is right on {scores[-1][0]:.0%}, as a guess among {classes} "
            f"classes would be, and on {last[-1].train_accuracy:.0%} of those it was trained on."
        )
        yield Report(message, part=part, confidence=Confidence.LIKELY)
