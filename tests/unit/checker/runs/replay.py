"""Recorded trainings as small JSON files, and back."""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from cnngui.engine.events import EpochDone, Health, RunEnded, RunStarted, StepDone, TrainEvent

HERE = Path(__file__).parent
_KINDS = {kind.__name__: kind for kind in (RunStarted, StepDone, Health, EpochDone, RunEnded)}

# So many reports of steps and of health are kept of a run, evenly spaced, the first ones among them.
_MOST = 80


def save(path: Path, events: Sequence[TrainEvent], expect: str) -> None:
    """Write what a run said, numbers to four digits, without what the machine's speed made of it."""
    kept = _thinned(events)
    lines = [json.dumps({"expect": expect, "fields": {name: _names(kind) for name, kind in _KINDS.items()}})]
    for event in kept:
        values = [_short(value) for value in asdict(event).values()]
        lines.append(json.dumps([type(event).__name__, *values], ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def load(path: Path) -> tuple[str, list[TrainEvent]]:
    """(the rule that should speak or nothing, the events)"""
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    head = json.loads(first)
    return head["expect"], [_event(head["fields"], json.loads(line)) for line in rest]


def _event(names: dict[str, list[str]], line: list[Any]) -> Any:
    kind = _KINDS[line[0]]
    return kind(**dict(zip(names[line[0]], map(_frozen, line[1:]), strict=True)))


def _names(kind: Any) -> list[str]:
    return [one.name for one in fields(kind)]


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value


def _thinned(events: Sequence[TrainEvent]) -> list[TrainEvent]:
    kept = []
    for kind in (StepDone, Health):
        mine = [number for number, event in enumerate(events) if isinstance(event, kind)]
        stride = max(1, len(mine) / _MOST)
        kept += [mine[int(place * stride)] for place in range(min(_MOST, len(mine)))]
        kept += mine[-1:]
    others = [n for n, event in enumerate(events) if isinstance(event, RunStarted | EpochDone | RunEnded)]
    return [events[number] for number in sorted({*kept, *others})]


def _short(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, str) and ("/" in value or "\\" in value) and " " not in value:
        return ""  # folders of the machine it was recorded on
    if isinstance(value, tuple | list):
        return [_short(one) for one in value]
    return value
