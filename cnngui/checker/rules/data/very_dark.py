"""A picture is almost black.

What it finds
Single pictures in which 99 of 100 pixels are darker than an eighth of white, in a folder where most are
not.

Why it hurts
What it shows is lost in noise, and the network learns darkness as a mark of its class.

Example
    a photograph taken indoors without a light

Instead
    the same, taken again with more light

When to ignore
When you can still see in it what it shows. Where a quarter of the pictures is dark (the night sky,
fluorescence) the rule is silent by itself.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.folder_facts import FolderFacts, of_pictures, some
from cnngui.checker.outliers import are_outliers, stand_out
from cnngui.checker.rule import Kind, Report, rule
from cnngui.checker.rules.data import blank_image

LIGHT = 1 / 8


@rule(
    "very-dark",
    Severity.INFO,
    kind=Kind.DATA,
    group="pictures",
    why="What it shows is lost, and a network may take darkness for the class.",
    fix="Look at them; take them again with more light or remove them if you cannot see what they show.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    seen = [(position, image.measures) for position, image in facts.readable()]
    dark = [p for p, m in seen if m.light <= LIGHT and m.contrast > blank_image.SPREAD]
    if are_outliers(dark, seen):
        yield Report(
            f"{stand_out(dark, seen)} almost black: {some(facts, dark)}.",
            part=facts.path(dark[0]),
            confidence=Confidence.LIKELY,
            evidence=of_pictures(facts, dark),
        )
