"""The same picture lies there more than once.

What it finds
Pictures with the same pixels in one class of one split.

Why it hurts
They count twice in learning. In a folder without splits a random split would put one into training and
one into validation; cnngui keeps equal pictures together, other programs do not.

Example
    cats/017.jpg
    cats/017 (copy).jpg

Instead
    cats/017.jpg

When to ignore
When the copies were made on purpose, to weigh rare pictures more.
"""

from collections.abc import Iterator

from cnngui.checker.copies import across_classes, across_splits, pairs
from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import FolderFacts, pairs_of, pictures
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "duplicate-images",
    Severity.WARNING,
    kind=Kind.DATA,
    group="copies",
    why="They count several times in learning, and other programs' random splits measure on what was learnt.",
    fix="Delete all but one of each.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    plain = [
        group
        for group in facts.equal
        if not any(across_classes(facts, pair) or across_splits(facts, pair) for pair in pairs([group]))
    ]
    if not plain:
        return
    copies = sum(len(group) - 1 for group in plain)
    one, other = plain[0][:2]
    verb = "is" if copies == 1 else "are"
    yield Report(
        f"{pictures(copies)} {verb} there already: “{facts.path(other)}” is “{facts.path(one)}”.",
        part=facts.path(other),
        evidence={"pictures": copies, "groups": len(plain), **pairs_of(facts, pairs(plain))},
    )
