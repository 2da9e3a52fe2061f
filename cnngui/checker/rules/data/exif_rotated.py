"""Pictures are stored lying and turned by a note in the file.

What it finds
Pictures with an EXIF orientation other than upright, as telephones write it.

Why it hurts
cnngui turns them as viewers do. Code that opens them with Pillow and does not call
ImageOps.exif_transpose learns from, or is asked about, pictures that lie on their side.

Example
    Image.open("phone.jpg")

Instead
    ImageOps.exif_transpose(Image.open("phone.jpg"))

When to ignore
When only cnngui reads the folder.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import FolderFacts, of_pictures, pictures
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "exif-rotated",
    Severity.INFO,
    kind=Kind.DATA,
    group="files",
    why="They are turned upright here; code that does not ask for it sees them lying on their side.",
    fix="Use ImageOps.exif_transpose in your own code.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    turned = [position for position, image in facts.readable() if image.turned]
    if turned:
        verb = "is" if len(turned) == 1 else "are"
        yield Report(
            f"{pictures(len(turned))} {verb} turned or mirrored by a note in the file.",
            part=facts.path(turned[0]),
            evidence=of_pictures(facts, turned),
        )
