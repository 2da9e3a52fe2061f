"""A class is missing in training, validation or testing.

What it finds
A class with pictures in one split of the folder and none in another.

Why it hurts
What is missing in training cannot be learnt; what is missing in validation or testing is never measured.
Programs that number the classes per folder also shift all labels after the missing one, without a word.

Example
    train/cats, train/dogs, train/birds
    test/cats, test/dogs

Instead
    train/cats, train/dogs, train/birds
    test/cats, test/dogs, test/birds

When to ignore
When a class is deliberately left out of the test. cnngui itself keeps the labels right.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import TITLES, Evidence, FolderFacts
from cnngui.checker.rule import Kind, Report, rule
from cnngui.data.index import UNLABELLED, Split
from cnngui.data.names import quoted


@rule(
    "missing-class-in-split",
    Severity.WARNING,
    kind=Kind.DATA,
    group="folders",
    why="What is missing in training is never learnt, what is missing elsewhere never measured.",
    fix="Give every split some pictures of each class.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    held: dict[Split, set[int]] = {}
    for position, record in enumerate(facts.index.records):
        if record.label != UNLABELLED:
            held.setdefault(facts.split(position), set()).add(record.label)
    said, evidence = [], Evidence()
    for split, title in TITLES.items():
        missing = [name for label, name in enumerate(facts.index.classes) if label not in held.get(split, ())]
        if split in held and missing:
            said.append(f"{quoted(missing)} {'has' if len(missing) == 1 else 'have'} no {title} pictures")
            evidence[f"missing in {title}"] = len(missing)
    if said:
        yield Report("; ".join(said) + ".", evidence=evidence)
