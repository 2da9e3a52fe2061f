"""``# cnngui: ignore`` and ``# cnngui: ignore[rule, rule]`` at the end of a line."""

import re
from collections.abc import Sequence

MARK = re.compile(r"#\s*cnngui:\s*ignore(?:\[([^\]]*)\])?")


def marks(lines: Sequence[str]) -> dict[int, frozenset[str]]:
    """Lines (from 1) that silence findings: the rules named, or an empty set for every rule."""
    found = {}
    for number, line in enumerate(lines, 1):
        match = MARK.search(line) if "cnngui" in line else None
        if match:
            named = (match.group(1) or "").replace(",", " ").split()
            found[number] = frozenset(named)
    return found


def silenced(marked: dict[int, frozenset[str]], line: int | None, rule: str) -> bool:
    """Whether a finding of this rule on this line is silenced."""
    if line is None or line not in marked:
        return False
    return not marked[line] or rule in marked[line]
