"""The answers as a CSV file that a spreadsheet opens without being tricked."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from cnngui.engine import csv_rows
from cnngui.files import written_whole
from cnngui.gui.classifying import Answer

_TOP = 5


def write(path: Path, answers: Iterable[Answer]) -> None:
    """Write one line per picture, whole or not at all. Raises RequestError if the file cannot be written.

    UTF-8 with a byte order mark, which Excel needs to see that it is UTF-8.
    """
    with written_whole(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
        lines = csv.writer(text)
        lines.writerow(csv_rows.columns(_TOP))
        lines.writerows(csv_rows.cells(answer, _TOP) for answer in answers)
        text.detach()
