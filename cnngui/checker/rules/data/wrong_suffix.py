"""A file's name says another format than it has.

What it finds
PNG files called .jpg, JPEG files called .png, WebP files called .jpg, and so on.

Why it hurts
cnngui looks at the content. Other programs believe the name and stop, or skip the file.

Example
    cat.jpg that is a PNG

Instead
    cat.png

When to ignore
When no other program reads the folder.
"""

from collections import Counter
from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import FolderFacts, of_pictures, pictures
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "wrong-suffix",
    Severity.INFO,
    kind=Kind.DATA,
    group="files",
    why="The content is read correctly here; other programs believe the name and stop.",
    fix="Rename them if other programs read the folder.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    wrong = [(position, image.format) for position, image in facts.readable() if image.wrong_suffix]
    if wrong:
        kinds = Counter(
            f"{kind} called .{facts.path(position).rpartition('.')[2]}" for position, kind in wrong
        )
        said = ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common(4))
        positions = [position for position, _ in wrong]
        yield Report(
            f"{pictures(len(wrong))} with a name of another format: {said}.",
            part=facts.path(positions[0]),
            evidence=of_pictures(facts, positions),
        )
