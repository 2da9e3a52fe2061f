"""Rules and the strict registry that lists them: the same for every kind of target."""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from cnngui.checker.finding import Confidence, Severity


class Kind(StrEnum):
    """What a rule looks at."""

    SOURCE = "source"
    MODEL = "model"
    DATA = "data"
    RUN = "run"


Facts = TypeVar("Facts")

PAGE_SECTIONS = ("What it finds", "Why it hurts", "Example", "Instead", "When to ignore")


@dataclass(frozen=True, slots=True)
class Report:
    """What a rule yields: a finding before the runner adds the file, the reason and the fix of the rule.

    ``line`` and ``column`` count from 1 and 0 as Python's ``ast`` does; ``part`` is for targets
    that have no lines. An empty ``fix`` takes the rule's own; ``severity`` overrides the rule's.
    """

    message: str
    line: int | None = None
    column: int | None = None
    part: str | None = None
    confidence: Confidence = Confidence.PROVEN
    fix: str = ""
    severity: Severity | None = None
    evidence: dict[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule(Generic[Facts]):
    """One pitfall: its name, how much it matters, its page and the function that looks for it.

    ``check`` reads the facts that its kind of target provides (``SourceFacts``, a network, picture
    facts, training events) and yields reports. It must not change the facts.
    """

    name: str
    kind: Kind
    group: str
    severity: Severity
    why: str
    fix: str
    page: str
    check: Callable[[Facts], Iterator[Report]]

    @property
    def title(self) -> str:
        """The first line of the page: one sentence."""
        return self.page.strip().partition("\n")[0]


Check = Callable[[Facts], Iterator[Report]]


def rule(
    name: str, severity: Severity, *, kind: Kind = Kind.SOURCE, group: str, why: str, fix: str
) -> Callable[[Check[Facts]], Rule[Facts]]:
    """Turn a function into a :class:`Rule` whose page is the docstring of the file it stands in."""

    def wrap(check: Check[Facts]) -> Rule[Facts]:
        page = sys.modules[check.__module__].__doc__ or ""
        return Rule(name, kind, group, severity, why, fix, page, check)

    return wrap


class Registry(Generic[Facts]):
    """Rules by name, in the order they were listed. A repeated name raises ``ValueError``."""

    def __init__(self, rules: Iterable[Rule[Facts]] = ()) -> None:
        self._rules: dict[str, Rule[Facts]] = {}
        for one in rules:
            self.add(one)

    def add(self, one: Rule[Facts]) -> None:
        if one.name in self._rules:
            raise ValueError(f"two rules are called {one.name}")
        self._rules[one.name] = one

    def __iter__(self) -> Iterator[Rule[Facts]]:
        return iter(self._rules.values())

    def __len__(self) -> int:
        return len(self._rules)

    def __getitem__(self, name: str) -> Rule[Facts]:
        return self._rules[name]

    def __contains__(self, name: object) -> bool:
        return name in self._rules

    def names(self) -> tuple[str, ...]:
        return tuple(self._rules)
