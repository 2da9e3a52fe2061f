"""What a rule says: a finding, where it is and how sure the checker is of it."""

from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much it matters: an error is wrong as it stands, a warning hurts, an info teaches."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Confidence(StrEnum):
    """How the checker knows: followed to the end, by strong signs, or by one sign alone."""

    PROVEN = "proven"
    LIKELY = "likely"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding is.

    Source has a line and a column (both from 1) and, in a notebook, the number of the cell that
    the line is counted in. Networks use ``part`` (a dotted module path), runs use it for the epoch
    or step, picture folders for the file below ``path``.
    """

    path: str
    line: int | None = None
    column: int | None = None
    cell: int | None = None
    part: str | None = None

    def __str__(self) -> str:
        cell = f":cell {self.cell}" if self.cell is not None else ""
        line = f":{self.line}" if self.line is not None else ""
        column = f":{self.column}" if self.line is not None and self.column is not None else ""
        part = f" ({self.part})" if self.part else ""
        return f"{self.path}{cell}{line}{column}{part}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule has to say about one place.

    ``message`` says what is wrong with its numbers, ``why`` what it costs, ``fix`` what to do.
    ``evidence`` holds the plain values behind the message, for programs to read.
    """

    rule: str
    severity: Severity
    confidence: Confidence
    where: Place
    message: str
    why: str
    fix: str
    evidence: dict[str, str | int | float] = field(default_factory=dict, hash=False)
