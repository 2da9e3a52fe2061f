"""The answers as a CSV file that a spreadsheet opens without being tricked."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from cnngui.data.index import Unreadable
from cnngui.engine.results import Guess
from cnngui.files import written_whole
from cnngui.gui.classifying import Answer

_TOP = 5
# A cell that begins with one of these is run as a formula by spreadsheets (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def columns() -> list[str]:
    """path, label, probability, sure, top2, top2_probability, … top5_probability, error."""
    more = [name for place in range(2, _TOP + 1) for name in (f"top{place}", f"top{place}_probability")]
    return ["path", "label", "probability", "sure", *more, "error"]


def write(path: Path, answers: Iterable[Answer]) -> None:
    """Write one line per picture, whole or not at all. Raises RequestError if the file cannot be written.

    UTF-8 with a byte order mark, which Excel needs to see that it is UTF-8.
    """
    with written_whole(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
        lines = csv.writer(text)
        lines.writerow(columns())
        lines.writerows(_line(answer) for answer in answers)
        text.detach()


def _line(answer: Answer) -> list[str]:
    if isinstance(answer, Unreadable):
        return [_safe(answer.path), *[""] * (len(columns()) - 2), _safe(answer.reason)]
    cells = [
        _safe(answer.path),
        _safe(answer.label),
        f"{answer.probability:.6f}",
        "yes" if answer.sure else "no",
    ]
    for place in range(1, _TOP):
        cells += _guess(answer.top[place : place + 1])
    return [*cells, ""]


def _guess(guess: Sequence[Guess]) -> list[str]:
    return [_safe(guess[0].label), f"{guess[0].probability:.6f}"] if guess else ["", ""]


def _safe(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
