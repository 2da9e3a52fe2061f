"""Watching a training: its events in, findings out as soon as there are any.

Whoever shows a training feeds its events to a watcher as well; the training knows nothing of it.
"""

from cnngui.checker.finding import Finding, Severity
from cnngui.checker.judging import CRASHED, findings
from cnngui.checker.rule import Registry
from cnngui.checker.rules.run import RULES
from cnngui.checker.run_facts import MOST_KEPT, RunFacts
from cnngui.engine.events import EpochDone, Health, RunEnded, RunStarted, StepDone, TrainEvent

_WEIGHT = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


class RunWatcher:
    """One for each run. Each rule speaks once, and again only if it has become worse."""

    def __init__(self, rules: Registry[RunFacts] = RULES) -> None:
        self._rules = rules
        self._facts = RunFacts()
        self._said: dict[str, int] = {}

    def feed(self, event: TrainEvent) -> list[Finding]:
        """Take an event in; the findings that are new with it, most often none. Never raises."""
        if not self._take(event):
            return []
        path = self._facts.started.run_folder if self._facts.started else ""
        new = []
        for rule in self._rules:
            for finding in findings(rule, self._facts, path):
                # A rule that crashes once crashes at every event.
                name = f"{CRASHED} {rule.name}" if finding.rule == CRASHED else finding.rule
                weight = _WEIGHT[finding.severity]
                if weight > self._said.get(name, -1):
                    self._said[name] = weight
                    new.append(finding)
        return new

    def _take(self, event: TrainEvent) -> bool:
        """Put the event to the facts; whether it is one to judge by."""
        facts = self._facts
        if isinstance(event, RunStarted):
            facts.started, facts.epochs = event, list(event.history)
            return False
        if isinstance(event, EpochDone):
            facts.epochs.append(event)
            return True
        if isinstance(event, Health):
            if len(facts.first_health) < 3:
                facts.first_health.append(event)
            facts.health.append(event)
            del facts.health[:-MOST_KEPT]
            facts.wild_looks += event.update_ratio >= 1 / 12
            facts.largest_change = max(facts.largest_change, event.update_ratio)
            return True
        if isinstance(event, StepDone):
            facts.steps.append(event)
            del facts.steps[:-MOST_KEPT]
            # Twenty a second come in: they are judged with the next epoch, but for a loss that is no number.
            return event.loss - event.loss != 0
        if isinstance(event, RunEnded):
            facts.ended = event
            return True
        return False
