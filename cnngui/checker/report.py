"""Findings as text for people, JSON for programs, SARIF for code-scanning viewers."""

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from cnngui import __version__
from cnngui.checker.finding import Finding, Severity
from cnngui.checker.rule import Kind, Rule
from cnngui.checker.rules import listed
from cnngui.checker.runner import Checked

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def text(results: Sequence[Checked]) -> str:
    """One block per finding, then what could not be followed, then the count."""
    lines: list[str] = []
    total = dict.fromkeys(Severity, 0)
    for result in results:
        for one in result.findings:
            total[one.severity] += 1
            lines.append(f"{one.where}: {one.severity} [{one.rule}] {one.message}")
            lines.append(f"    Why: {one.why}")
            lines.append(f"    Fix: {one.fix}")
        for note in result.notes:
            cell = f":cell {note.cell}" if note.cell is not None else ""
            lines.append(f"{note.path}{cell}:{note.line}: not followed: {note.text}")
        if result.unreadable and not result.notes:
            lines.append(f"{result.path}: not checked: {result.unreadable}")
    counts = [f"{count} {severity}{'s' * (count != 1)}" for severity, count in total.items() if count]
    lines.append(f"{', '.join(counts) if counts else 'No pitfalls found'} in {_places(results)}.")
    return "\n".join(lines) + "\n"


def _places(results: Sequence[Checked]) -> str:
    """What was looked at: "2 files", "1 folder of pictures", "1 file and 1 folder of pictures"."""
    folders = sum(result.kind is Kind.DATA for result in results)
    files = len(results) - folders
    words = [f"{files} file{'s' * (files != 1)}"] if files or not folders else []
    if folders:
        words.append(f"{folders} folder{'s' * (folders != 1)} of pictures")
    return " and ".join(words)


def _plain(one: Finding) -> dict[str, object]:
    found: dict[str, object] = {
        "rule": one.rule,
        "severity": str(one.severity),
        "confidence": str(one.confidence),
        "path": one.where.path,
        "line": one.where.line,
        "column": one.where.column,
        "message": one.message,
        "why": one.why,
        "fix": one.fix,
    }
    if one.where.cell is not None:
        found["cell"] = one.where.cell
    if one.where.part is not None:
        found["part"] = one.where.part
    if one.evidence:
        found["evidence"] = dict(one.evidence)
    return found


def as_json(results: Sequence[Checked]) -> str:
    """A list of findings.

    Keys: ``rule, severity, confidence, path, line, column, message, why, fix``, and where there is one
    ``cell`` (of a notebook), ``part`` (a picture, a class, a layer), ``evidence`` (plain values by name).
    """
    return (
        json.dumps(
            [_plain(one) for result in results for one in result.findings], indent=2, ensure_ascii=False
        )
        + "\n"
    )


def sarif(results: Sequence[Checked]) -> str:
    """SARIF 2.1.0 (OASIS): one run, every rule with its page, every finding with its place."""
    listed = _rules()
    rules = [
        {
            "id": rule.name,
            "shortDescription": {"text": rule.title},
            "fullDescription": {"text": rule.why},
            "help": {"text": rule.page.strip()},
            "defaultConfiguration": {"level": LEVELS[rule.severity]},
            "properties": {"tags": [rule.group]},
        }
        for rule in listed
    ]
    positions = {rule.name: index for index, rule in enumerate(listed)}
    found = [_result(one, positions) for result in results for one in result.findings]
    driver = {"name": "cnngui", "version": __version__, "rules": rules}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": found, "columnKind": "unicodeCodePoints"}],
    }
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rules() -> list[Rule[Any]]:
    """The rules of every kind of target; of those that share a name the first."""
    named: dict[str, Rule[Any]] = {}
    for rule in listed(Kind):
        named.setdefault(rule.name, rule)
    return list(named.values())


def _result(one: Finding, positions: dict[str, int]) -> dict[str, object]:
    region = {"startLine": max(one.where.line or 1, 1), "startColumn": max(one.where.column or 1, 1)}
    location: dict[str, object] = {
        "physicalLocation": {"artifactLocation": {"uri": _uri(one.where.path)}, "region": region}
    }
    if one.where.part is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": one.where.part}]
    result: dict[str, object] = {
        "ruleId": one.rule,
        "level": LEVELS[one.severity],
        "message": {"text": f"{one.message} {one.fix}"},
        "locations": [location],
        "properties": {"confidence": str(one.confidence), "why": one.why},
    }
    if one.rule in positions:
        result["ruleIndex"] = positions[one.rule]
    return result


def _uri(path: str) -> str:
    """A path as a relative or file URI, with forward slashes."""
    pure = PurePath(path)
    if pure.is_absolute():
        return pure.as_uri()
    return quote(pure.as_posix())


FORMATS = {"text": text, "json": as_json, "sarif": sarif}
