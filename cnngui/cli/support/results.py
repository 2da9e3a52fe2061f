"""Answers about pictures as lines of a table, of CSV, of JSON."""

import csv
import io
import json
import re
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from cnngui.cli.support.console import one_line, percent
from cnngui.cli.support.outputs import start
from cnngui.engine import csv_rows
from cnngui.engine.results import Prediction

if TYPE_CHECKING:
    from cnngui.data.index import Unreadable


# The first line of CSV, which a spreadsheet may have saved anew, of JSON lines and of a table.
_FIRST_LINE = re.compile(
    rb'\W*path\W+label\W+probability\b|\{"path": ".*", "(error|label": ".*", "probability)": '
    rb"|.* \d+\.\d % |\xe2\x80\x93 "
)


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSONL = "jsonl"


class Writer(Protocol):
    """`head` is the first line, if there is one; `line` is one result's. Lines come without their end."""

    @property
    def head(self) -> str | None: ...

    def line(self, result: "Prediction | Unreadable") -> str: ...


def holds_results(path: Path) -> bool:
    """Whether a file begins as what is written here does, in whatever format."""
    return _FIRST_LINE.match(start(path)) is not None


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
        self._width = max(cell_len(one_line(name)) for name in classes)

    def line(self, result: "Prediction | Unreadable") -> str:
        if not isinstance(result, Prediction):
            return f"{self._label('–')}            {one_line(result.path)}: {one_line(result.reason)}"
        sure = "        " if result.sure else "not sure"
        others = ", ".join(
            f"{one_line(guess.label)} {percent(guess.probability)}" for guess in result.top[1:]
        )
        if not result.familiar:
            others = "unlike anything it was trained on"
        line = f"{self._label(result.label)} {percent(result.probability):>8} {sure}  {one_line(result.path)}"
        return f"{line}  ({others})" if others else line

    def _label(self, name: str) -> str:
        name = one_line(name)
        return name + " " * (self._width - self._cells(name))


class _Csv:
    """One row per picture, as `csv_rows` has it for the window as well."""

    def __init__(self, top: int) -> None:
        self._top = top
        self.head = self._row(csv_rows.columns(top))

    def line(self, result: "Prediction | Unreadable") -> str:
        return self._row(csv_rows.cells(result, self._top))

    def _row(self, cells: list[str]) -> str:
        line = io.StringIO()
        csv.writer(line).writerow(cells)  # with its own end of line, or it would not quote one in a name
        return line.getvalue().removesuffix("\r\n")


class _JsonLines:
    """`path, label, probability, sure, top, familiar`, or `path, error`.

    ASCII, so that any name survives any pipe.
    """

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
                "familiar": result.familiar,
            }
        return json.dumps(value)
