"""A picture is almost white.

What it finds
Single pictures in which 99 of 100 pixels are lighter than seven eighths of white, in a folder where most
are not.

Why it hurts
What it shows is washed out, and the network learns whiteness as a mark of its class.

Example
    a photograph against the sun

Instead
    the same, taken again from the other side

When to ignore
When you can still see in it what it shows. Where a quarter of the pictures is that light (drawings on
white paper) the rule is silent by itself.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.folder_facts import FolderFacts, of_pictures, some
from cnngui.checker.outliers import are_outliers, stand_out
from cnngui.checker.rule import Kind, Report, rule
from cnngui.checker.rules.data import blank_image

DARK = 7 / 8


@rule(
    "very-bright",
    Severity.INFO,
    kind=Kind.DATA,
    group="pictures",
    why="What it shows is washed out, and a network may take whiteness for the class.",
    fix="Look at them; take them again with less light or remove them if you cannot see what they show.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    seen = [(position, image.measures) for position, image in facts.readable()]
    bright = [p for p, m in seen if m.dark >= DARK and m.contrast > blank_image.SPREAD]
    if are_outliers(bright, seen):
        yield Report(
            f"{stand_out(bright, seen)} almost white: {some(facts, bright)}.",
            part=facts.path(bright[0]),
            confidence=Confidence.LIKELY,
            evidence=of_pictures(facts, bright),
        )
