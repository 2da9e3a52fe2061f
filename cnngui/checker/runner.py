"""Running rules over targets: facts once, every rule on them, a crashing rule does not stop the others."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from cnngui.checker.config import Selection
from cnngui.checker.finding import Confidence, Finding, Place, Severity
from cnngui.checker.judging import CRASHED
from cnngui.checker.rule import Kind, Registry, Report, Rule
from cnngui.checker.rules.source import RULES
from cnngui.checker.source import ignores, limits, parse
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.follow import follow
from cnngui.checker.targets import Target

ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Note:
    """Something of a file that could not be followed, in words."""

    path: str
    line: int
    text: str
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in one target, and what could not be followed in it."""

    path: str
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    unreadable: str = ""
    kind: Kind = Kind.SOURCE


@dataclass(frozen=True, slots=True)
class Options:
    """What the person said: side of the pictures, number of classes, which rules speak, and whether the
    labels of a folder of pictures are judged, which takes trainings."""

    size: int | None = None
    classes: int | None = None
    selection: Selection = field(default_factory=Selection)
    labels: bool = False


def check_text(text: str, path: str, options: Options | None = None, *, notebook: bool = False) -> Checked:
    """Check one script, fragment or notebook. Never raises, never runs it."""
    options = options or Options()
    source = parse.read(text, notebook=notebook)
    notes = []
    if source.problem:
        cell, line = source.place(source.problem_line)
        notes.append(Note(path, line, source.problem, cell))
    if source.tree is None:
        return Checked(path, (), tuple(notes), source.problem)
    facts = follow(source.tree, options.size, options.classes)
    notes.extend(
        Note(path, source.place(one.line)[1], one.text, source.place(one.line)[0]) for one in facts.skipped
    )
    marked = ignores.marks(source.lines)
    found = []
    for rule, report in judged(RULES, facts):
        severity = report.severity or rule.severity
        if not options.selection.wants(rule.name, rule.group, severity):
            continue
        if ignores.silenced(marked, report.line, rule.name):
            continue
        cell, line = source.place(report.line or 0)
        column = (report.column or 0) + 1
        found.append(finding(rule, report, Place(path, line or None, column if line else None, cell)))
    return Checked(path, tuple(ordered(found)), tuple(notes))


def finding(rule: Rule[SourceFacts], report: Report, where: Place) -> Finding:
    """A rule's report with the rule's own words added."""
    severity = report.severity or rule.severity
    fix = report.fix or rule.fix
    return Finding(
        rule.name, severity, report.confidence, where, report.message, rule.why, fix, dict(report.evidence)
    )


def judged(rules: Registry[SourceFacts], facts: SourceFacts) -> Iterator[tuple[Rule[SourceFacts], Report]]:
    """Every report of every rule, each place once per rule. A rule that raises reports itself."""
    for rule in rules:
        seen: set[int | None] = set()
        try:
            for report in rule.check(facts):
                if report.line not in seen:
                    seen.add(report.line)
                    yield rule, report
        except Exception as error:  # noqa: BLE001  a broken rule must not take the others with it
            message = f"The rule {rule.name} failed on this file ({type(error).__name__}: {error})."
            broken = replace(rule, name=CRASHED, severity=Severity.INFO)
            yield broken, Report(message, confidence=Confidence.HINT, fix="Please report this file.")


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """By place, errors first on the same line."""
    return sorted(
        findings,
        key=lambda one: (
            one.where.cell or 0,
            one.where.line or 0,
            ORDER[one.severity],
            one.where.column or 0,
            one.rule,
        ),
    )


def check(target: Target, options: Options | None = None) -> Checked:
    """Check one target. A file that cannot be read is said, not raised."""
    if target.path == "-":
        return check_text(sys.stdin.read(), "-", options)
    path = Path(target.path)
    try:
        if path.exists() and not path.is_file():  # a pipe or a device: reading it might never end
            return Checked(target.path, (), (), "it is not an ordinary file")
        if path.stat().st_size > limits.BYTES:
            return Checked(target.path, (), (), f"it is longer than {limits.BYTES:,} bytes")
        data = path.read_bytes()
    except OSError as error:
        return Checked(target.path, (), (), error.strerror or str(error))
    return check_text(parse.decode(data), target.path, options, notebook=target.notebook)
