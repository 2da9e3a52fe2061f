"""Parameters get no gradient.

What it finds
Parameters that the optimiser should change and that the backward pass never reaches.

Why it hurts
They stay as they were drawn at the start: a part of the network does not learn.

Example
    with torch.no_grad():
        features = self.features(x)
    return self.classifier(features)

Instead
    return self.classifier(self.features(x))

When to ignore
When these layers are not meant to learn: then set requires_grad_(False).
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Kind, Report, rule
from cnngui.checker.run_facts import RunFacts


@rule(
    "empty-gradients",
    Severity.ERROR,
    kind=Kind.RUN,
    group="exact",
    why="They stay as they were drawn at the start: a part of the network does not learn.",
    fix="Look for no_grad, detach, .data or an unused layer; freeze on purpose with requires_grad_(False).",
)
def check(facts: RunFacts) -> Iterator[Report]:
    if not facts.health or not facts.health[-1].without_gradient:
        return
    found = facts.health[-1]
    names = found.without_gradient
    listed = ", ".join(names[:4]) + (" and more" if len(names) > 4 else "")
    verb = "gets" if len(names) == 1 else "get"
    yield Report(
        f"{listed} {verb} no gradient ({len(names)} of {found.trainable} parameter tensors).",
        part=names[0],
        evidence={"without": len(names), "tensors": found.trainable},
    )
