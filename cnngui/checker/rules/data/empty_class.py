"""A class folder holds no usable picture.

What it finds
A folder beside the class folders in which there is no picture, or none that can be read.

Why it hurts
No class is made of it: the network cannot answer it, and whoever expects the class will wonder.

Example
    pets/cats/    120 pictures
    pets/birds/   empty

Instead
    pets/cats/    120 pictures
    pets/birds/   90 pictures

When to ignore
When the folder was never meant as a class; moving it elsewhere silences the rule.
"""

from collections import Counter
from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import FolderFacts, examples
from cnngui.checker.rule import Kind, Report, rule
from cnngui.data.index import UNLABELLED
from cnngui.data.names import clean, quoted


@rule(
    "empty-class",
    Severity.WARNING,
    kind=Kind.DATA,
    group="files",
    why="Nothing can be learnt of a class without pictures, so the network will never answer it.",
    fix="Put readable pictures into the folder, or remove it.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    readable = Counter(facts.index.records[position].label for position, _ in facts.readable())
    labels = {record.label for record in facts.index.records} - {UNLABELLED}
    unreadable = [facts.index.classes[label] for label in sorted(labels) if not readable[label]]
    empty = [clean(path) for path in facts.empty_folders] + unreadable
    if empty:
        verb = "holds" if len(empty) == 1 else "hold"
        yield Report(
            f"{quoted(empty)} {verb} no picture that can be read.",
            part=empty[0],
            evidence={"folders": len(empty), **examples(empty)},
        )
