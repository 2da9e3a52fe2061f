"""The network is trained in evaluation mode.

What it finds
Training steps while the network, which has dropout or batch norm, is in evaluation mode.

Why it hurts
Dropout does nothing and batch norm uses statistics that are never brought up to date: the network learns
badly, and differently from what was planned.

Example
    model.eval()                  # for the validation, and never back
    for images, labels in loader: ...

Instead
    model.train()                 # at the start of each epoch

When to ignore
When the statistics are kept fixed on purpose; then put only those layers into evaluation mode.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Kind, Report, rule
from cnngui.checker.run_facts import RunFacts


@rule(
    "training-in-eval-mode",
    Severity.ERROR,
    kind=Kind.RUN,
    group="exact",
    why="Dropout does nothing, and batch norm's statistics are never brought up to date.",
    fix="Call model.train() at the start of each epoch.",
)
def check(facts: RunFacts) -> Iterator[Report]:
    for one in facts.health[-1:]:
        if not one.training and one.mode_layers:
            message = (
                f"The network is trained in evaluation mode, although {one.mode_layers} of its layers "
                "(dropout or batch norm) work otherwise in training."
            )
            yield Report(
                message, part=f"epoch {one.epoch}, step {one.step}", evidence={"layers": one.mode_layers}
            )
