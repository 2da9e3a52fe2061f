"""The pictures do not lie in class folders.

What it finds
A folder whose pictures have no labels: no sub-folders that name classes, no table of labels beside them.
Also a folder without any picture.

Why it hurts
A network learns from labelled pictures. Without a class for each there is nothing to learn.

Example
    pets/001.jpg
    pets/002.jpg

Instead
    pets/cats/001.jpg
    pets/dogs/002.jpg

When to ignore
For a folder of pictures that are only to be classified.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import FolderFacts, pictures
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "no-class-folders",
    Severity.ERROR,
    kind=Kind.DATA,
    group="folders",
    why="A network learns from labelled pictures; here no picture says what it shows.",
    fix="Put the pictures of each class into a sub-folder with the name of the class.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    if facts.index.labelled:
        return
    count = len(facts.index.records)
    if count:
        yield Report(f"{pictures(count)} lie here without class folders.", evidence={"pictures": count})
    else:
        yield Report("There are no pictures in this folder.", evidence={"pictures": 0})
