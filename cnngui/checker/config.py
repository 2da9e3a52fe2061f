"""Which rules speak: ``[tool.cnngui.check]`` in pyproject.toml, then the command line."""

import os
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from cnngui.checker.finding import Severity
from cnngui.errors import RequestError


@dataclass(frozen=True, slots=True)
class Selection:
    """Names of rules to report alone (empty: all), names to leave out, and whether info is shown.

    A name may be a group ("shape"), which stands for all its rules.
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    info: bool = False

    def wants(self, name: str, group: str, severity: Severity) -> bool:
        """Whether a finding of this rule is to be reported."""
        if name in self.ignore or group in self.ignore:
            return False
        chosen = name in self.select or group in self.select
        if self.select and not chosen:
            return False
        return severity is not Severity.INFO or self.info or name in self.select


def names(text: str | None) -> frozenset[str]:
    """``a,b c`` as a set of names."""
    return frozenset((text or "").replace(",", " ").split())


def checked(given: Iterable[str], known: Collection[str]) -> frozenset[str]:
    """The same names; raises :class:`RequestError` for one that no rule or group has."""
    found = frozenset(given)
    unknown = sorted(found - set(known))
    if unknown:
        raise RequestError(f"There is no rule called {unknown[0]}: `cnngui check --rules` lists them.")
    return found


def from_project(start: Path) -> tuple[frozenset[str], frozenset[str]]:
    """``select`` and ``ignore`` of the nearest pyproject.toml at or above a path.

    Raises :class:`RequestError` if the table holds something else than lists of names.
    """
    folder = start if start.is_dir() else start.parent
    for one in (folder.resolve(), *folder.resolve().parents):
        file = one / "pyproject.toml"
        if os.path.isfile(file):  # noqa: PTH113  Path's raises where a folder may not be entered
            return _read(file)
    return frozenset(), frozenset()


def _read(file: Path) -> tuple[frozenset[str], frozenset[str]]:
    try:
        table = (
            tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {}).get("cnngui", {}).get("check", {})
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, AttributeError) as error:
        raise RequestError(f"{file} cannot be read: {error}") from error
    found = []
    for key in ("select", "ignore"):
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise RequestError(f"{file}: [tool.cnngui.check] {key} must be a list of rule names.")
        found.append(frozenset(value))
    return found[0], found[1]
