"""BCELoss is given raw scores.

What it finds
The output of a layer with no sigmoid after it, given to BCELoss.

Why it hurts
BCELoss takes the logarithm of its input: values outside 0 to 1 stop it with 'all elements of input
should be between 0 and 1' or give NaN.

Example
    criterion = nn.BCELoss()        # the network returns self.fc(x)

Instead
    criterion = nn.BCEWithLogitsLoss()

When to ignore
Never.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.outputs import is_multiclass, scored


@rule(
    "bce-without-sigmoid",
    Severity.ERROR,
    group="loss",
    why="BCELoss needs probabilities between 0 and 1; raw scores stop it or give NaN.",
    fix="Use nn.BCEWithLogitsLoss, or apply torch.sigmoid before BCELoss.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for call, last in scored(facts, "BCELoss"):
        if last.kind in {"linear", "conv", "bn", "relu", "tanh"} and not is_multiclass(call):
            message = (
                f"BCELoss needs probabilities between 0 and 1 but gets raw scores (line {last.at.line})."
            )
            yield Report(message, call.made_at.line, call.made_at.column)
