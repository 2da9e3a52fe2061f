"""A split folder has another name than train, val or test.

What it finds
Folders such as "validation", "valid", "testing" or "train_images" that were read as a split.

Why it hurts
cnngui understands them, and says how. Other programs look for train, val and test, and take everything
else for a class, or do not find it.

Example
    flowers/training, flowers/validation

Instead
    flowers/train, flowers/val

When to ignore
When the folder was read as it was meant and no other program reads it.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import TITLES, Evidence, FolderFacts
from cnngui.checker.rule import Kind, Report, rule
from cnngui.data.index import Split
from cnngui.data.names import quoted, split_and_rest

USUAL = {"train", "val", "test"}


@rule(
    "split-name-unusual",
    Severity.INFO,
    kind=Kind.DATA,
    group="folders",
    why="Other programs only know “train”, “val” and “test”.",
    fix="Check that the folders were read as you meant them; rename them if other programs read them too.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    read: dict[Split, set[str]] = {}
    for folder, split in {(record.path.rpartition("/")[0], record.split) for record in facts.index.records}:
        for part in folder.split("/"):
            if split and split_and_rest(part)[0] == split and part.lower() not in USUAL:
                read.setdefault(split, set()).add(part)
    said, evidence = [], Evidence()
    for split, title in TITLES.items():
        names = sorted(read.get(split, ()))
        if names:
            said.append(f"{quoted(names)} {'is' if len(names) == 1 else 'are'} read as the {title} split")
            evidence[title] = quoted(names)
    if said:
        yield Report("; ".join(said) + ".", evidence=evidence)
