"""The answers as a CSV file that a spreadsheet opens without being tricked."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from cnngui.data.index import Unreadable
from cnngui.files import written_whole
from cnngui.gui.classifying import Answer

_TOP = 5
# A cell that begins with one of these is run as a formula by spreadsheets (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def columns() -> list[str]:
    """As `cnngui classify --format csv`: path, label, probability, sure, error, label_2, probability_2, …"""
    more = [f"{what}_{place}" for place in range(2, _TOP + 1) for what in ("label", "probability")]
    return ["path", "label", "probability", "sure", "error", *more]


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
        cells = [_safe(answer.path), "", "", "", _safe(answer.reason)]
    else:
        sure = "true" if answer.sure else "false"
        cells = [_safe(answer.path), _safe(answer.label), f"{answer.probability:.6f}", sure, ""]
        for guess in answer.top[1:_TOP]:
            cells += [_safe(guess.label), f"{guess.probability:.6f}"]
    return cells + [""] * (len(columns()) - len(cells))


def _safe(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
