"""NLLLoss is given something else than log-probabilities.

What it finds
Raw scores or probabilities given to NLLLoss, which expects the output of log_softmax.

Why it hurts
The loss is no longer a likelihood: it falls without bound while the network learns to make scores
large, not right.

Example
    criterion = nn.NLLLoss()      # the network returns self.fc2(x)

Instead
    criterion = nn.CrossEntropyLoss()

When to ignore
Never.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.outputs import scored


@rule(
    "nll-needs-log-probs",
    Severity.ERROR,
    group="loss",
    why="Without log-probabilities NLLLoss falls without bound and the network learns nonsense.",
    fix="Use nn.CrossEntropyLoss with raw scores, or return F.log_softmax(x, dim=1).",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for call, last in scored(facts, "NLLLoss"):
        if last.kind in WORDS:
            message = f"NLLLoss needs log-probabilities but gets {WORDS[last.kind]} (line {last.at.line})."
            yield Report(message, call.made_at.line, call.made_at.column)


WORDS = {
    "linear": "raw scores", "conv": "raw scores", "bn": "raw scores", "softmax": "probabilities",
    "sigmoid": "probabilities", "relu": "the output of an activation",
}  # fmt: skip
