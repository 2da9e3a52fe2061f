"""Pictures of one split show nearly the same.

What it finds
Pictures that show the same, saved anew, resized or cropped by up to a tenth of each side.

Why it hurts
A few do little harm. In a folder without splits a random split puts one into training and the other into
validation, and the score is then too good; cnngui's own split keeps only exactly equal pictures
together. Nearly equal pictures in two classes have one wrong label.

Example
    cats/017.jpg
    cats/017-small.jpg

Instead
    cats/017.jpg

When to ignore
When they are frames of one film on purpose and the folder is split by film.
"""

from collections.abc import Iterator

from cnngui.checker.copies import across_classes, across_splits, joined
from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.folder_facts import FolderFacts, pairs_of, pictures
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "near-duplicate-images",
    Severity.INFO,
    kind=Kind.DATA,
    group="near copies",
    why="They count several times in learning, and a random split measures on what was learnt.",
    fix="Keep one of each, or split the folder so that they stay together: where cnngui sets pictures aside "
    "for validation, only exactly equal ones do.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    within = [pair for pair in facts.near if not across_splits(facts, pair)]
    if not within:
        return
    groups = joined(within)
    torn = sorted(pair for pair in within if across_classes(facts, pair))
    one, other = (torn or within)[0]
    classes = f", {len(torn):,} of these pairs in different classes" if torn else ""
    yield Report(
        f"{pictures(sum(map(len, groups)))} show nearly the same as another one{classes}: "
        f"“{facts.path(one)}” and “{facts.path(other)}”.",
        part=facts.path(one),
        confidence=Confidence.LIKELY,
        evidence={
            "pictures": sum(map(len, groups)),
            "groups": len(groups),
            "pairs in different classes": len(torn),
            **pairs_of(facts, [*torn, *within]),
        },
    )
