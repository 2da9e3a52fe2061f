"""There are too few validation pictures to tell how good the network is.

What it finds
A run whose validation accuracy has a 95 % interval of more than ten points to either side.

Why it hurts
One network looks better than another by chance, and the best epoch is chosen by chance as well.

Example
    20 validation pictures, 17 right: 85 %, but anything from 64 % to 95 % is likely

Instead
    a hundred validation pictures or more

When to ignore
When a rough answer will do.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Kind, Report, rule
from cnngui.checker.run_facts import RunFacts

_WIDEST = 0.2


@rule(
    "val-set-too-small",
    Severity.INFO,
    kind=Kind.RUN,
    group="judged",
    why="Which network or epoch is the best is decided by chance.",
    fix="Use more validation pictures: a hundred give about ten points to either side.",
)
def check(facts: RunFacts) -> Iterator[Report]:
    ended = facts.ended
    if ended is None or ended.val_accuracy is None or ended.val_accuracy_interval is None:
        return
    low, high = ended.val_accuracy_interval
    if high - low <= _WIDEST:
        return
    message = (
        f"The validation accuracy of {ended.val_accuracy:.0%} is of {ended.val_images} pictures: it lies "
        f"between {low:.0%} and {high:.0%}."
    )
    yield Report(message, part="validation", evidence={"images": ended.val_images, "low": low, "high": high})
