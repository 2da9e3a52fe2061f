"""Answers about pictures as lines of a table, of CSV, of JSON."""

import csv
import io
import json
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from cnngui.cli.support.console import one_line, percent
from cnngui.engine.results import Prediction

if TYPE_CHECKING:
    from cnngui.data.index import Unreadable

# A cell that begins with one of these is run as a formula by spreadsheets (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSONL = "jsonl"


class Writer(Protocol):
    """`head` is the first line, if there is one; `line` is one result's. Lines come without their end."""

    @property
    def head(self) -> str | None: ...

    def line(self, result: "Prediction | Unreadable") -> str: ...


def writer(format_: Format, classes: Sequence[str], top: int) -> Writer:
    """What writes results in `format_`, naming the `top` best of `classes`."""
    top = min(top, len(classes))
    if format_ is Format.TABLE:
        return _Table(classes)
    return _Csv(top) if format_ is Format.CSV else _JsonLines()


class _Table:
    """For reading: the best class, how probable, the others, and the path last, where it may be long."""

    head = None

    def __init__(self, classes: Sequence[str]) -> None:
        from rich.cells import cell_len

        self._cells = cell_len
        self._width = max(cell_len(name) for name in classes)

    def line(self, result: "Prediction | Unreadable") -> str:
        if not isinstance(result, Prediction):
            return f"{self._label('–')}            {one_line(result.path)}: {one_line(result.reason)}"
        sure = "        " if result.sure else "not sure"
        others = ", ".join(f"{guess.label} {percent(guess.probability)}" for guess in result.top[1:])
        line = f"{self._label(result.label)} {percent(result.probability):>8} {sure}  {one_line(result.path)}"
        return f"{line}  ({others})" if others else line

    def _label(self, name: str) -> str:
        return name + " " * (self._width - self._cells(name))


class _Csv:
    """path,label,probability,sure,error, then label_2,probability_2 and so on.

    A text that a spreadsheet would take for a formula begins with an apostrophe.
    """

    def __init__(self, top: int) -> None:
        more = [f"{what}_{n}" for n in range(2, top + 1) for what in ("label", "probability")]
        self.head = self._row(["path", "label", "probability", "sure", "error", *more])
        self._more = len(more)

    def line(self, result: "Prediction | Unreadable") -> str:
        if not isinstance(result, Prediction):
            return self._row([result.path, "", "", "", result.reason, *[""] * self._more])
        others = [cell for g in result.top[1:] for cell in (g.label, f"{g.probability:.6f}")]
        sure = "true" if result.sure else "false"
        return self._row([result.path, result.label, f"{result.probability:.6f}", sure, "", *others])

    def _row(self, cells: list[str]) -> str:
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(
            f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells
        )
        return line.getvalue()


class _JsonLines:
    """`path, label, probability, sure, top`, or `path, error`. ASCII, so that any name survives any pipe."""

    head = None

    def line(self, result: "Prediction | Unreadable") -> str:
        value: dict[str, Any]
        if not isinstance(result, Prediction):
            value = {"path": result.path, "error": result.reason}
        else:
            value = {
                "path": result.path,
                "label": result.label,
                "probability": round(result.probability, 6),
                "sure": result.sure,
                "top": [[g.label, round(g.probability, 6)] for g in result.top],
            }
        return json.dumps(value)
