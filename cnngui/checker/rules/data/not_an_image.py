"""A file is called a picture and is something else.

What it finds
Files with a picture's suffix whose content is a web page, a text, a PDF, an archive or a film.

Why it hurts
They are left out. A web page in place of a picture usually means that a download was refused, and that
more of them failed.

Example
    pets/cats/003.jpg    holds "<html>404 Not Found</html>"

Instead
    pets/cats/003.jpg    the picture itself

When to ignore
Never; deleting the file costs nothing.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import FolderFacts, examples, is_something_else, unreadable_files
from cnngui.checker.rule import Kind, Report, rule
from cnngui.data.names import quoted


@rule(
    "not-an-image",
    Severity.WARNING,
    kind=Kind.DATA,
    group="files",
    why="It is not learnt from, and often a sign that a download failed.",
    fix="Delete these files or put the real pictures in their place.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    others = [item for item in unreadable_files(facts) if is_something_else(item)]
    if not others:
        return
    paths = [item.path for item in others]
    count = (
        "1 file is called a picture and is none"
        if len(others) == 1
        else (f"{len(others):,} files are called pictures and are none")
    )
    yield Report(
        f"{count}: {quoted(paths)}. {others[0].reason}",
        part=paths[0],
        evidence={"files": len(others), **examples(paths), "reason": others[0].reason},
    )
