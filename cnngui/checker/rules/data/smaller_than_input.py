"""Pictures are smaller than what the network sees.

What it finds
Pictures whose shorter side has fewer pixels than the network's input.

Why it hurts
They are blown up and so blurred. The network learns that blur; if one class has more of them than
another, it takes blur for the class.

Example
    thumbnails of 24×24 for a network that sees 64×64

Instead
    the originals, or a network that sees 32×32

When to ignore
When all pictures are of about one size.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import FolderFacts, of_pictures, part_of
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "smaller-than-input",
    Severity.INFO,
    kind=Kind.DATA,
    group="pictures",
    why="They are blown up and blurred, and a network may take the blur for the class.",
    fix="Use larger originals, or a smaller picture size for the network.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    sides = [(min(image.width, image.height), position) for position, image in facts.readable()]
    small = sorted((side, position) for side, position in sides if side < facts.size)
    if small:
        positions = [position for _, position in small]
        yield Report(
            f"{part_of(len(small), len(sides))} have a side of fewer than the {facts.size} pixels that the "
            f"network sees; the smallest has {small[0][0]}.",
            part=facts.path(positions[0]),
            evidence={"size": facts.size, "smallest": small[0][0], **of_pictures(facts, positions)},
        )
