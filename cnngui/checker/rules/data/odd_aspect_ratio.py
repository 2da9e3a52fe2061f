"""Pictures are much wider than high, or higher than wide.

What it finds
Pictures with one side more than two and a half times the other.

Why it hurts
A network sees a square. Of a picture of 3:1 the middle third is kept, and what you wanted to show may be
outside.

Example
    panorama.jpg 3000×800

Instead
    panorama.jpg cropped to the object

When to ignore
When the object is in the middle.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import FolderFacts, of_pictures, part_of, some
from cnngui.checker.rule import Kind, Report, rule

RATIO = 2.5


@rule(
    "odd-aspect-ratio",
    Severity.INFO,
    kind=Kind.DATA,
    group="pictures",
    why="A network sees a square from the middle; what lies outside is cut off.",
    fix="Look at the crop of these pictures, and cut them to the object where it is lost.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    images = list(facts.readable())
    odd = [
        (max(image.width, image.height) / min(image.width, image.height), position)
        for position, image in images
    ]
    long = sorted(((ratio, position) for ratio, position in odd if ratio > RATIO), reverse=True)
    if long:
        positions = [position for _, position in long]
        yield Report(
            f"{part_of(len(long), len(images))} have one side more than {RATIO:g} times the other, up to "
            f"{long[0][0]:.1f}: {some(facts, positions)}.",
            part=facts.path(positions[0]),
            evidence={"largest ratio": long[0][0], **of_pictures(facts, positions)},
        )
