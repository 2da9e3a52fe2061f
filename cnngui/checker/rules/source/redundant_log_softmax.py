"""log_softmax before CrossEntropyLoss does nothing.

What it finds
log_softmax given to CrossEntropyLoss.

Why it hurts
Nothing breaks: log_softmax of log_softmax is the same. It is work for nothing, and NLLLoss is what
the author had in mind.

Example
    loss = F.cross_entropy(F.log_softmax(x, dim=1), y)

Instead
    loss = F.cross_entropy(x, y)

When to ignore
Always, if you like: the result is the same.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.outputs import scored


@rule(
    "redundant-log-softmax",
    Severity.INFO,
    group="loss",
    why="log_softmax applied twice is the same as once: work for nothing.",
    fix="Drop log_softmax, or use NLLLoss with it.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for call, last in scored(facts, "CrossEntropyLoss"):
        if last.kind == "log_softmax":
            message = f"CrossEntropyLoss (line {call.at.line}) applies log_softmax itself."
            yield Report(message, last.at.line, last.at.column)
