"""The size, the format or the frame of a picture gives its class away.

What it finds
A class that can be told from the others by how its files were made, without a look at what they show:
size in pixels, way to store pixels (RGB, grey, ...), file format, or a frame or bars of one colour around
the picture. On pictures that were set aside in turn, this hits at least half of the class more often than
it hits others.

Mean colours are left out, and so are border colours that come from the scene: ships do lie on blue water.
A border of one colour counts, for it is the work of whoever made the file.

Why it hurts
A network takes the easiest mark. It learns "grey picture = X-ray of the ill" or "black bars = telephone =
cats", scores well here and fails on the first picture made in another way.

Example
    ill/*.png 1024×1024 grey, well/*.jpg 1600×1200 in colour

Instead
    both classes from the same sources, saved in the same way

When to ignore
When pictures will always be made in exactly that way, class by class.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.folder_facts import FolderFacts
from cnngui.checker.leaks import Leak, leaks
from cnngui.checker.rule import Kind, Report, rule
from cnngui.data.index import UNLABELLED


@rule(
    "label-leak-in-border-or-size",
    Severity.WARNING,
    kind=Kind.DATA,
    group="pictures",
    why="A network learns this mark instead of what the pictures show, and fails where it is missing.",
    fix="Save all classes in the same way: same size, same mode and format, frames cut off.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    labelled = [
        (image, facts.index.records[position].label)
        for position, image in facts.readable()
        if facts.index.records[position].label != UNLABELLED
    ]
    found = leaks([image for image, _ in labelled], [label for _, label in labelled])
    if not found:
        return
    strongest = max(found, key=lambda leak: leak.advantage)
    said = sorted(found, key=lambda leak: -leak.advantage)[:3]
    more = f" (and {len(found) - 3} more)" if len(found) > 3 else ""
    yield Report(
        "The class shows in how the files were made: "
        + "; ".join(_said(facts, leak) for leak in said)
        + more
        + ".",
        part=facts.index.classes[strongest.label],
        confidence=Confidence.LIKELY,
        evidence={
            "classes": len(found),
            "mark": strongest.mark,
            "found of the class": strongest.hits,
            "taken for it of others": strongest.false_alarms,
        },
    )


def _said(facts: FolderFacts, leak: Leak) -> str:
    name = facts.index.classes[leak.label]
    return (
        f"the {leak.mark} alone finds {leak.hits:.0%} of “{name}” and takes {leak.false_alarms:.0%} of the "
        "others for it"
    )
