"""A class has too few pictures to learn from.

What it finds
Classes with fewer than 20 training pictures.

Why it hurts
A network that has seen a dozen pictures learns their backgrounds by heart. Of 20 pictures 4 are set aside for
validation: one mistake is 25 points of that class's score, so nobody can tell whether it works.

Example
    birds/wren    7 pictures

Instead
    birds/wren    100 pictures, from different days and places

When to ignore
While trying things out.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import Evidence, FolderFacts
from cnngui.checker.rule import Kind, Report, rule

FEWEST = 20


@rule(
    "too-few-images",
    Severity.WARNING,
    kind=Kind.DATA,
    group="folders",
    why="Of so few pictures a network learns the backgrounds by heart, and the score says little.",
    fix=f"Collect at least {FEWEST} pictures per class, better 100, from different places and times.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    counts = facts.class_counts()
    few = sorted((count, name) for name, count in counts.items() if 0 < count < FEWEST)
    if not few:
        return
    shown = ", ".join(f"“{name}” {count}" for count, name in few[:4])
    more = f" and {len(few) - 4} more classes fewer than {FEWEST}" if len(few) > 4 else ""
    evidence: Evidence = {"classes": len(few), **{f"pictures of {name}": count for count, name in few[:10]}}
    yield Report(
        f"Few training pictures: {shown}{more}; {FEWEST} is the least to learn from.",
        part=few[0][1],
        evidence=evidence,
    )
