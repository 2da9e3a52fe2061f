"""A picture shows nothing: it is of one colour.

What it finds
Pictures in which practically every pixel has the same colour.

Why it hurts
There is nothing to learn from it but its colour, which then stands for its class: an unlit camera, a lens
cap, an empty scan, a placeholder for a picture that was taken down.

Example
    cats/017.jpg    black all over

Instead
    remove it

When to ignore
When an empty picture is what the class means ("nothing there").
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import FolderFacts, of_pictures, pictures, some
from cnngui.checker.rule import Kind, Report, rule

SPREAD = 2 / 255
"""Of brightness and of each colour, as a standard deviation: below the noise of any camera."""


@rule(
    "blank-image",
    Severity.WARNING,
    kind=Kind.DATA,
    group="pictures",
    why="There is nothing in it to learn but its colour.",
    fix="Remove these pictures, unless an empty picture is what their class means.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    blank = [
        position
        for position, image in facts.readable()
        if max(image.measures.contrast, image.measures.colour_contrast) <= SPREAD
    ]
    if blank:
        verb = "is" if len(blank) == 1 else "are"
        yield Report(
            f"{pictures(len(blank))} {verb} of one colour: {some(facts, blank)}.",
            part=facts.path(blank[0]),
            evidence=of_pictures(facts, blank),
        )
