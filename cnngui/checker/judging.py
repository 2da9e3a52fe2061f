"""Rules over the facts of one target, whatever its kind: a rule that crashes does not stop the others."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from cnngui.checker.finding import Confidence, Finding, Place, Severity
from cnngui.checker.rule import Report, Rule

Facts = TypeVar("Facts")

CRASHED = "checker-crashed"

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def judge(rules: Iterable[Rule[Facts]], facts: Facts, path: str) -> list[Finding]:
    """Every finding of every rule, each said once: errors first, and then in the order of the rules."""
    found = [finding for rule in rules for finding in findings(rule, facts, path)]
    return sorted(found, key=lambda one: _ORDER[one.severity])


def findings(rule: Rule[Facts], facts: Facts, path: str) -> Iterator[Finding]:
    """The findings of one rule. If it raises, the last one says so."""
    said: set[tuple[str | None, str]] = set()
    try:
        for report in rule.check(facts):
            if (report.part, report.message) not in said:
                said.add((report.part, report.message))
                yield _finding(rule, report, path)
    except Exception as error:  # noqa: BLE001  a broken rule must not take the others with it
        yield Finding(
            rule=CRASHED,
            severity=Severity.INFO,
            confidence=Confidence.HINT,
            where=Place(path),
            message=f"The rule {rule.name} failed here ({type(error).__name__}: {error}).",
            why="What the rule looks for was not looked for.",
            fix="Please report it, with the file or the network.",
        )


def _finding(rule: Rule[Facts], report: Report, path: str) -> Finding:
    return Finding(
        rule=rule.name,
        severity=report.severity or rule.severity,
        confidence=report.confidence,
        where=Place(path, part=report.part),
        message=report.message,
        why=rule.why,
        fix=report.fix or rule.fix,
        evidence=dict(report.evidence),
    )
