"""There is only one class.

What it finds
A folder whose pictures all belong to one class.

Why it hurts
With one answer to choose from, every answer is right: a network learns nothing and reports 100 %.

Example
    parts/scratched/001.jpg
    parts/scratched/002.jpg

Instead
    parts/scratched/001.jpg
    parts/fine/001.jpg

When to ignore
Never for classification. Finding what is unlike the rest is another task.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import FolderFacts, pictures
from cnngui.checker.rule import Kind, Report, rule
from cnngui.data.names import quoted


@rule(
    "single-class",
    Severity.ERROR,
    kind=Kind.DATA,
    group="folders",
    why="With one answer to choose from there is nothing to learn, and the accuracy is always 100 %.",
    fix="Add a folder with pictures of something else, even if it is only “other”.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    if len(facts.index.classes) == 1:
        count = facts.class_counts().total()
        yield Report(
            f"All {pictures(count)} are of one class, {quoted(facts.index.classes)}.",
            part=facts.index.classes[0],
            evidence={"pictures": count},
        )
