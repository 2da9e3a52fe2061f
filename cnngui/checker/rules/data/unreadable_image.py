"""A picture file cannot be read.

What it finds
Files that are called pictures and cannot be decoded: cut short, damaged, empty, of a format that no
installed library reads, or not permitted to be read.

Why it hurts
They are left out. If many are of one class, that class is learnt from fewer pictures than you think;
programs that do not check stop in the middle of a training, or learn from a half-grey picture.

Example
    pets/cats/003.jpg    the download stopped after 40 kB

Instead
    pets/cats/003.jpg    downloaded again, opens in any viewer

When to ignore
When the pictures are lost and few.
"""

from collections.abc import Iterator
from pathlib import Path

from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import (
    FolderFacts,
    examples,
    is_something_else,
    pictures,
    unreadable_files,
)
from cnngui.checker.rule import Kind, Report, rule
from cnngui.data.names import quoted


@rule(
    "unreadable-image",
    Severity.WARNING,
    kind=Kind.DATA,
    group="files",
    why="What cannot be decoded is not learnt from, and stops programs that do not check.",
    fix="Copy or download these files again, save them as JPEG or PNG, or delete them.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    bad = [item for item in unreadable_files(facts) if not is_something_else(item)]
    if not bad:
        return
    paths = [item.path for item in bad]
    reasons = sorted({item.reason for item in bad}, key=[item.reason for item in bad].count, reverse=True)
    why = reasons[0] if len(reasons) == 1 else f"{Path(bad[0].path).name}: {bad[0].reason}"
    yield Report(
        f"{pictures(len(bad))} cannot be read: {quoted(paths)}. {why}",
        part=paths[0],
        evidence={
            "pictures": len(bad),
            **examples(paths),
            **{f"reason {number}": reason for number, reason in enumerate(reasons[:5], 1)},
        },
    )
