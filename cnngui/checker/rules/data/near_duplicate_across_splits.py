"""A picture to measure with is nearly a picture to learn from.

What it finds
Pictures in the validation or test split that show what one in another split shows, saved anew, resized or
cropped by up to a tenth of each side.

Why it hurts
The network has practically seen the answer, so the score is too good. The widely used CIFAR-10 has such
pictures: about 3 % of its test split (Barz and Denzler, 2020).

Example
    train/cats/017.jpg
    test/cats/203.jpg    the same, 640 pixels wide instead of 800

Instead
    split by source (by day, by animal, by patient), not by picture

When to ignore
When the two were really taken apart and only look alike, such as parts on a conveyor belt.
"""

from collections.abc import Iterator

from cnngui.checker.copies import across_splits, leaked
from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.folder_facts import FolderFacts, pairs_of, pictures
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "near-duplicate-across-splits",
    Severity.WARNING,
    kind=Kind.DATA,
    group="near copies",
    why="The network has practically seen the answer, so the score is better than the network.",
    fix="Look at the pairs; where they show the same scene, keep both in one split.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    crossing = [pair for pair in facts.near if across_splits(facts, pair)]
    if not crossing:
        return
    known = leaked(facts, crossing)
    measured = sum(facts.split(position) != "train" for position, _ in facts.readable())
    one, other = crossing[0]
    verb = "shows" if len(known) == 1 else "show"
    yield Report(
        f"{pictures(len(known))} of {measured:,} to measure with {verb} what one of another split shows: "
        f"“{facts.path(other)}” and “{facts.path(one)}”.",
        part=facts.path(known[0]),
        confidence=Confidence.LIKELY,
        evidence={"pictures": len(known), "pairs": len(crossing), **pairs_of(facts, crossing)},
    )
