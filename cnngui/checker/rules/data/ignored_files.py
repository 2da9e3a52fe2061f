"""Files in the folder are passed over.

What it finds
Hidden files and folders, files of the operating system (.DS_Store, Thumbs.db), notes and other files that
are no pictures.

Why it hurts
It does not: they are not learnt from. Other programs stumble over them or take a hidden folder for a class.

Example
    pets/.DS_Store
    pets/cats/notes.txt

Instead
    pets/cats/001.jpg

When to ignore
When nothing in the list should have been a picture.
"""

from collections import Counter
from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import FolderFacts, examples
from cnngui.checker.rule import Kind, Report, rule
from cnngui.data.names import clean, quoted


@rule(
    "ignored-files",
    Severity.INFO,
    kind=Kind.DATA,
    group="folders",
    why="They are not learnt from; other programs may stumble over them.",
    fix="Nothing needs to be done, unless one of them should have been a picture.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    ignored = facts.index.ignored
    if not ignored:
        return
    paths = [clean(item.path) for item in ignored]
    names = [name for name, _ in Counter(path.rpartition("/")[2] for path in paths).most_common()]
    count = f"{len(ignored):,} file{'s' * (len(ignored) != 1)} or folder{'s' * (len(ignored) != 1)}"
    verb = "is" if len(ignored) == 1 else "are"
    yield Report(
        f"{count} {verb} passed over: {quoted(names)}.",
        part=paths[0],
        evidence={"files": len(ignored), **examples(paths)},
    )
