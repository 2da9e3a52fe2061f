"""Some pictures are grey, transparent or of few colours, others are not.

What it finds
A folder whose files store their pixels in different ways: RGB, grey (L), palette (P), with transparency
(RGBA), for print (CMYK), deep grey (I;16).

Why it hurts
All become RGB. Code that does not convert stops at the first grey picture; and where one class is grey,
the network learns that instead of what is in it.

Example
    001.jpg RGB, 002.jpg L, 003.png RGBA

Instead
    001.jpg RGB, 002.jpg RGB, 003.png RGB

When to ignore
When the modes are spread over all classes alike.
"""

from collections import Counter
from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import FolderFacts, examples
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "mixed-modes",
    Severity.INFO,
    kind=Kind.DATA,
    group="pictures",
    why="All become RGB here; other code stops at the first one that is not.",
    fix="Nothing needs to be done here; elsewhere, convert each picture to RGB when it is opened.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    modes = Counter(image.mode for _, image in facts.readable())
    if len(modes) < 2:
        return
    common = modes.most_common(1)[0][0]
    others = [position for position, image in facts.readable() if image.mode != common]
    said = ", ".join(f"{mode} {count:,}" for mode, count in modes.most_common())
    yield Report(
        f"{len(modes)} ways to store pixels: {said}.",
        part=facts.path(others[0]),
        evidence={
            **{f"mode {mode}": count for mode, count in modes.items()},
            **examples(_paths(facts, others)),
        },
    )


def _paths(facts: FolderFacts, positions: list[int]) -> list[str]:
    return [facts.path(position) for position in positions]
