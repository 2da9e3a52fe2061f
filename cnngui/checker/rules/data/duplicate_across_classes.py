"""The same picture has two labels.

What it finds
Pictures with the same pixels in two classes.

Why it hurts
One of the labels is wrong, or the picture belongs to both, which a classifier cannot answer. Learning
from it pulls the network both ways, and measured on it one answer is always wrong.

Example
    cats/017.jpg
    dogs/203.jpg    the same picture

Instead
    cats/017.jpg

When to ignore
Never. Pictures that show several things need another kind of network.
"""

from collections.abc import Iterator

from cnngui.checker.copies import across_classes, pairs
from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import FolderFacts, pairs_of, pictures
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "duplicate-across-classes",
    Severity.ERROR,
    kind=Kind.DATA,
    group="copies",
    why="One of the labels is wrong, and learning from both pulls the network both ways.",
    fix="Keep each picture in the class it belongs to; leave it out if it belongs to several.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    groups = [group for group in facts.equal if any(across_classes(facts, pair) for pair in pairs([group]))]
    if not groups:
        return
    crossing = [pair for pair in pairs(groups) if across_classes(facts, pair)]
    one, other = crossing[0]
    records = facts.index.records
    verb = "lies" if len(groups) == 1 else "lie"
    yield Report(
        f"{pictures(len(groups))} {verb} in two classes or more: “{facts.path(one)}” and "
        f"“{facts.path(other)}” are the same, labelled "
        f"{facts.class_name(records[one])} and {facts.class_name(records[other])}.",
        part=facts.path(one),
        evidence={"pictures": len(groups), **pairs_of(facts, crossing)},
    )
