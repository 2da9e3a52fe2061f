"""A label is probably wrong.

What it finds
After a training: pictures of which networks that did not learn from them are surer of another class than
they usually are of that class's own pictures. Confident learning (Northcutt, Jiang and Chuang, 2021) says
how many, and which.

Why it hurts
Wrong labels are learnt as well, and wrong labels in validation make a good network look bad.

Example
    cats/204.jpg    shows a dog

Instead
    dogs/204.jpg

When to ignore
When you have looked and the label is right: then it is a picture that is hard to tell.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.folder_facts import FolderFacts, examples, pictures
from cnngui.checker.label_noise import doubtful
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "suspected-mislabel",
    Severity.WARNING,
    kind=Kind.DATA,
    group="labels",
    why="Wrong labels are learnt as well, and in validation they make a good network look bad.",
    fix="Look at these pictures and move the ones that are wrong to the class they belong to.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    if facts.predictions is None:
        return
    positions, probabilities = facts.predictions.positions, facts.predictions.probabilities
    labels, rows = doubtful(facts.index, facts.predictions)
    if not len(rows):
        return
    likely = [facts.index.classes[label] for label in probabilities[rows].argmax(axis=1)]
    said = [f"{facts.path(int(positions[row]))} → {name}" for row, name in zip(rows, likely, strict=True)]
    first, own = int(positions[rows[0]]), facts.index.classes[labels[rows[0]]]
    verb = "has" if len(rows) == 1 else "have"
    yield Report(
        f"{pictures(len(rows))} of {len(labels):,} probably {verb} a wrong label: “{facts.path(first)}” is "
        f"labelled “{own}” and looks like “{likely[0]}” ({probabilities[rows[0]].max():.0%}).",
        part=facts.path(first),
        confidence=Confidence.LIKELY,
        evidence={"pictures": len(rows), **examples(said)},
    )
