"""Some classes have many times the pictures of others.

What it finds
A folder in which the largest class has at least five times the training pictures of the smallest.

Why it hurts
Always answering the largest class is already a good score, so a network learns to do that, and rare
classes are missed. The accuracy hides it.

Example
    parts/fine        2,000 pictures
    parts/scratched   90 pictures

Instead
    parts/fine        400 pictures
    parts/scratched   300 pictures

When to ignore
When rare classes are also rare in use and you read the scores per class.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.folder_facts import FolderFacts, pictures
from cnngui.checker.rule import Kind, Report, rule

RATIO = 5


@rule(
    "class-imbalance",
    Severity.WARNING,
    kind=Kind.DATA,
    group="folders",
    why="A network that always answers the largest class already scores well, so rare classes are missed.",
    fix="Collect more pictures of the rare classes or use fewer of the others; read scores per class.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    counts = [(count, name) for name, count in facts.class_counts().items() if count]
    if len(counts) < 2:
        return
    (least, rare), (most, frequent) = min(counts), max(counts)
    if most < RATIO * least:
        return
    share = most / sum(count for count, _ in counts)
    yield Report(
        f"“{frequent}” has {pictures(most)}, “{rare}” only {least:,}: {most / least:.0f} times as many. "
        f"Always answering “{frequent}” would already be right for {share:.0%}.",
        part=rare,
        confidence=Confidence.LIKELY,
        evidence={"most": most, "least": least, "ratio": most / least, "largest share": share},
    )
