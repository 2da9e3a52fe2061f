"""How often the checker is right: `python tests/benchmarks/checker_corpus.py [--missed] [--only RULE]`.

Reads tests/corpus/labels.json and checks every script in this process. A finding is a hit if the label
expects its rule; its line is right within two lines of an accepted one. Prints precision and recall per
severity, lines, clean scripts flagged and times.
"""

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from cnngui.checker.config import Selection  # noqa: E402
from cnngui.checker.finding import Place  # noqa: E402
from cnngui.checker.rule import Kind  # noqa: E402
from cnngui.checker.rules.source import RULES  # noqa: E402
from cnngui.checker.runner import Checked, Options, check  # noqa: E402
from cnngui.checker.targets import Target  # noqa: E402

CORPUS = ROOT / "tests" / "corpus"
NEAR = 2


@dataclass
class Score:
    """Counts of one severity."""

    hits: int = 0
    wrong: int = 0
    missed: int = 0
    in_place: int = 0

    @property
    def precision(self) -> float:
        return self.hits / max(self.hits + self.wrong, 1)

    @property
    def recall(self) -> float:
        return self.hits / max(self.hits + self.missed, 1)


@dataclass
class Result:
    scores: dict[str, Score] = field(
        default_factory=lambda: {name: Score() for name in ("error", "warning", "info")}
    )
    seconds: list[float] = field(default_factory=list)
    clean: int = 0
    flagged: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    rules: Counter[str] = field(default_factory=Counter)


def near(found: Place, accepted: list[int], cells: dict[str, list[int]]) -> bool:
    """Whether a finding is within two lines of an accepted one, in a notebook within its cell."""
    if found.line is None:
        return False
    for line in accepted:
        cell, inside = cells.get(str(line), [None, line])
        if cell == found.cell and abs(found.line - (inside or 0)) <= NEAR:
            return True
    return False


def judge(name: str, label: dict[str, Any], checked: Checked, result: Result) -> None:
    """Count the hits and misses of one script."""
    expected = list(label.get("expected", []))
    allowed = {one["rule"] for one in [*expected, *label.get("allowed", [])]}
    severities = {one.name: str(one.severity) for one in RULES}
    said = {one.rule for one in checked.findings}
    for want in expected:
        score = result.scores[severities[want["rule"]]]
        mine = [one for one in checked.findings if one.rule == want["rule"]]
        if not mine:
            score.missed += 1
            result.remarks.append(f"missed  {name}:{want['line']} {want['rule']}")
            continue
        score.hits += 1
        if any(near(one.where, want["line"], label.get("cells", {})) for one in mine):
            score.in_place += 1
        else:
            places = [(one.where.cell, one.where.line) for one in mine]
            result.remarks.append(f"line    {name}: {want['rule']} {places} not {want['line']}")
    for rule in sorted(said - allowed):
        severity = next(str(one.severity) for one in checked.findings if one.rule == rule)
        if severity == "info":
            continue
        result.scores[severity].wrong += 1
        one = next(one for one in checked.findings if one.rule == rule)
        result.remarks.append(f"wrong   {name}:{one.where.line} {rule}: {one.message}")
    if label.get("clean"):
        result.clean += 1
        if any(str(one.severity) != "info" for one in checked.findings):
            result.flagged.append(name)


def measure() -> Result:
    """Check the whole corpus."""
    labels = json.loads((CORPUS / "labels.json").read_text(encoding="utf-8"))["scripts"]
    result = Result()
    shown = Options(selection=Selection(info=True))
    for name, label in sorted(labels.items()):
        path = CORPUS / "scripts" / name
        started = time.process_time()
        checked = check(Target(str(path), Kind.SOURCE, path.suffix == ".ipynb"), shown)
        result.seconds.append(time.process_time() - started)
        judge(name, label, checked, result)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--missed", action="store_true", help="say every miss, wrong finding and wrong line")
    parser.add_argument("--only", default="", help="remarks with this text alone")
    options = parser.parse_args()
    result = measure()
    if options.missed or options.only:
        print("\n".join(one for one in result.remarks if options.only in one))
    for severity, score in result.scores.items():
        print(
            f"{severity:8} precision {score.precision:.3f}  recall {score.recall:.3f}  "
            f"({score.hits} hits, {score.wrong} wrong, {score.missed} missed; {score.in_place} in place)"
        )
    hits = sum(one.hits for one in result.scores.values())
    placed = sum(one.in_place for one in result.scores.values())
    print(f"lines within {NEAR}: {placed / max(hits, 1):.3f}")
    print(f"clean scripts flagged: {len(result.flagged)} of {result.clean} {result.flagged}")
    times = sorted(result.seconds)
    print(
        f"processor time per file: median {statistics.median(times) * 1000:.1f} ms, "
        f"95th percentile {times[int(len(times) * 0.95)] * 1000:.1f} ms, longest {times[-1] * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
