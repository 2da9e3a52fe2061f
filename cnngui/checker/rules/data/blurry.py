"""A picture is out of focus or shaken.

What it finds
Single pictures of at least 128 pixels whose sharpest edges are soft: a quarter as steep as is usual in the
folder, and spread over a hundredth of the picture.

Why it hurts
The edges and textures that tell classes apart are gone. A few such pictures do no harm; a class with many
of them is learnt as "blurred".

Example
    a photograph taken while walking

Instead
    the same, taken again

When to ignore
When you can still see in it what it shows, or when the pictures to be classified will be as blurred.
"""

from collections.abc import Iterator
from statistics import median

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.folder_facts import FolderFacts, of_pictures, some
from cnngui.checker.outliers import are_outliers, stand_out
from cnngui.checker.rule import Kind, Report, rule
from cnngui.checker.rules.data import blank_image

SMALLEST = 128
SHARPNESS = 0.07
LESS_THAN_USUAL = 4


@rule(
    "blurry",
    Severity.INFO,
    kind=Kind.DATA,
    group="pictures",
    why="The edges and textures that tell classes apart are gone.",
    fix="Look at them; take them again or remove them if you cannot see what they show.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    seen = [
        (position, image.measures.sharpness)
        for position, image in facts.readable()
        if image.measures.sharpness is not None
        and min(image.width, image.height) >= SMALLEST
        and image.measures.contrast > blank_image.SPREAD
    ]
    if not seen:
        return
    usual = median(sharpness for _, sharpness in seen)
    limit = min(SHARPNESS, usual / LESS_THAN_USUAL)
    blurry = [position for position, sharpness in seen if sharpness <= limit]
    if are_outliers(blurry, seen):
        yield Report(
            f"{stand_out(blurry, seen)} blurred: {some(facts, blurry)}.",
            part=facts.path(blurry[0]),
            confidence=Confidence.HINT,
            evidence={"usual sharpness": usual, "limit": limit, **of_pictures(facts, blurry)},
        )
