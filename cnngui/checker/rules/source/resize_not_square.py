"""Resize with one number leaves pictures of different widths in one batch.

What it finds
transforms.Resize(n) on photographs of different proportions, with no crop to a fixed size after it,
in a batch of more than one.

Why it hurts
Resize(n) sets the shorter side only. The loader stops with 'stack expects each tensor to be equal
size'.

Example
    transforms.Compose([transforms.Resize(224), transforms.ToTensor()])

Instead
    transforms.Compose([transforms.Resize((224, 224)), transforms.ToTensor()])

When to ignore
When every picture in the folder is square already.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.pipelines import loose_resizes


@rule(
    "resize-not-square",
    Severity.ERROR,
    group="shape",
    why="The loader cannot put pictures of different sizes into one batch.",
    fix="Give Resize both sides, Resize((n, n)), or add CenterCrop(n) after it.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for step, size, name in loose_resizes(facts):
        message = f"Resize({size}) sets the shorter side only: pictures of {name} keep their proportions."
        fix = f"Use Resize(({size}, {size})), or add CenterCrop({size}) after it."
        yield Report(message, step.at.line, step.at.column, confidence=Confidence.LIKELY, fix=fix)
