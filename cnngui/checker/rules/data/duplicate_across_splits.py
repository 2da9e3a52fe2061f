"""A picture to learn from is also a picture to measure with.

What it finds
Pictures with the same pixels in the training split and in the validation or test split, or in both of
these.

Why it hurts
The network has seen the answer. The score says how well it remembers, not how well it recognises, and is
too good by about the share of such pictures.

Example
    train/cats/017.jpg
    test/cats/203.jpg    the same picture

Instead
    test/cats/203.jpg

When to ignore
Never. cnngui itself leaves such training pictures out.
"""

from collections.abc import Iterator

from cnngui.checker.copies import across_classes, across_splits, leaked, pairs
from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import TITLES, FolderFacts, pairs_of, pictures
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "duplicate-across-splits",
    Severity.ERROR,
    kind=Kind.DATA,
    group="copies",
    why="The network has seen the answer, so the score is better than the network.",
    fix="Keep each picture in one split only: delete the copies in the training split.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    crossing = [
        pair for pair in pairs(facts.equal) if across_splits(facts, pair) and not across_classes(facts, pair)
    ]
    if not crossing:
        return
    known = leaked(facts, crossing)
    splits = " and ".join(
        title for split, title in TITLES.items() if any(facts.split(p) == split for p in known)
    )
    one, other = crossing[0]
    verb = "lies" if len(known) == 1 else "lie"
    yield Report(
        f"{pictures(len(known))} of the {splits} split {verb} in another split as well: "
        f"“{facts.path(one)}” is “{facts.path(other)}”.",
        part=facts.path(known[0]),
        evidence={"pictures": len(known), **pairs_of(facts, crossing)},
    )
