"""Labels from a table beside the pictures: a column of files, one of classes, perhaps one of splits.

A table counts only if it really names pictures of the folder. A file is looked for beside the table, from
the root, and then by the end of its path, with or without suffix, so that tables written on another machine
(`/home/me/data/x.jpg`, `data\\x.jpg`, `x`) match as well. Tables of predictions are no labels.
"""

import codecs
import csv
import io
import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from cnngui.cancel import Cancel
from cnngui.data.formats import SUFFIXES
from cnngui.data.names import clean, counted, quoted, same_name, split_and_rest, split_word
from cnngui.data.reasons import said
from cnngui.data.records import Split, Unreadable

# Column names as they stand after `_plain`; the earlier, the more they are believed.
_FILE: Final = (
    "file", "filename", "filepath", "path", "image", "imagefile", "imagename", "imagepath", "imageid", "img",
    "imgname", "imgpath", "picture", "photo", "imageindex", "id", "name",
)  # fmt: skip
_LABEL: Final = (
    "labelname", "classname", "categoryname", "label", "labels", "class", "classes", "category", "target",
    "species", "breed", "variety", "diagnosis", "dx", "findinglabels", "groundtruth", "tag", "y", "classid",
    "labelid", "categoryid",
)  # fmt: skip
_SPLIT: Final = ("split", "splits", "set", "subset", "dataset", "partition", "usage")
_PREDICTED: Final = frozenset({"probability", "confidence", "score", "prediction", "predicted", "sure"})

_MAX_BYTES: Final = 256 * 1024 * 1024
_CANCEL_EVERY: Final = 5000
_SNIFFED_ROWS: Final = 200
# A table in which fewer rows name pictures is about something else, unless it names half of all pictures.
_LEAST_SHARE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Row:
    """What a table says of one picture. `label` None: nothing, or two things at once."""

    label: str | None
    split: Split


@dataclass(slots=True)
class TableLabels:
    """What all tables together say: by path of the picture. `used`: the tables' own paths."""

    rows: dict[str, Row] = field(default_factory=dict)
    missing: list[Unreadable] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    contradicted: set[str] = field(default_factory=set)

    @property
    def labels(self) -> set[str]:
        return {row.label for row in self.rows.values() if row.label is not None}


class _Pictures:
    """Pictures by the end of their paths."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._paths: set[str] = set()
        for path in paths:
            self._paths.add(path)
            name = same_name(path.rpartition("/")[2])
            for key in {name, _stem(name)}:
                self._by_name[key].append(path)

    def find(self, cell: str, beside: str) -> str | None:
        """The picture that `cell`, of a table in the folder `beside`, means; None for none or several."""
        asked = posixpath.normpath(cell.strip().replace("\\", "/").removeprefix("file://"))
        for path in (posixpath.normpath(posixpath.join(beside, asked)), asked):
            if path in self._paths:
                return path
        parts = same_name(asked).split("/")
        fitting = self._by_name.get(parts[-1], ())
        if len(fitting) < 2:
            return fitting[0] if fitting else None
        near = [path for path in fitting if path.startswith(f"{beside}/")] or fitting
        scores = [_common_end(parts[:-1], same_name(path).split("/")[:-1]) for path in near]
        best = max(scores)
        return near[scores.index(best)] if scores.count(best) == 1 else None


def _stem(name: str) -> str:
    stem, suffix = posixpath.splitext(name)
    return stem if suffix in SUFFIXES else name


def _common_end(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        count += 1
    return count


def read(
    root: Path, tables: Iterable[str], pictures: Iterable[str], bad: Iterable[str], cancel: Cancel
) -> TableLabels:
    """What `tables` say of `pictures`; all paths relative to `root`.

    `bad`: files known to be unreadable, which are not missing. Returns early, with whatever it has, once
    cancelled.
    """
    labels = TableLabels()
    good = list(pictures)
    known, unreadable = _Pictures(good), _Pictures(bad)
    for table in sorted(tables):
        if cancel.check():
            break
        rows = _rows(root / table)
        if isinstance(rows, str):
            labels.notes.append(f"{quoted([table])} could not be read: {rows}.")
        elif rows:
            _take(table, rows, known, unreadable, len(good), labels, cancel)
    for path in labels.contradicted:
        labels.rows[path] = Row(None, labels.rows[path].split)
    if labels.contradicted:
        count = counted(len(labels.contradicted), "picture")
        labels.notes.append(f"{count} listed with more than one class and so left without.")
    return labels


def _rows(path: Path) -> list[list[str]] | str:
    """The table's rows without empty ones, or why it cannot be read."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            return f"it is larger than {_MAX_BYTES // 1024**2} MB"
        data = path.read_bytes()
    except OSError as error:
        return said(error)
    try:
        text = _decoded(data)
        start = [line for line in text[:100_000].splitlines() if line.strip()][:_SNIFFED_ROWS]
        delimiter = max(",;\t", key=lambda delimiter: _fit(start, delimiter))
        return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row)]
    except (csv.Error, UnicodeDecodeError) as error:
        return f"it is no table ({error})"


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")  # spreadsheets on Windows


def _fit(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    """How well a delimiter parts the lines into equally many columns, then into how many."""
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
    ((width, count),) = widths.most_common(1) or [(1, 0)]
    return (count / len(lines) if width > 1 else 0.0, width)


@dataclass(frozen=True, slots=True)
class _Columns:
    file: int
    label: int | None
    split: int | None
    header: bool
    predicted: bool


def _columns(rows: list[list[str]], beside: str, known: _Pictures) -> _Columns | None:
    """Which column is what; None where no column names pictures."""
    sample = rows[:_SNIFFED_ROWS]
    width = max(map(len, sample))
    names = [_plain(cell) for cell in rows[0]] + [""] * (width - len(rows[0]))
    matches = [
        sum(len(row) > column and known.find(row[column], beside) is not None for row in sample)
        for column in range(width)
    ]
    named = _first(names, _FILE)
    file = named if named is not None and matches[named] else max(range(width), key=matches.__getitem__)
    if not matches[file]:
        return None
    header = file >= len(rows[0]) or known.find(rows[0][file], beside) is None
    names = names if header else [""] * width
    split = _first(names, _SPLIT, file)
    if split is None and not header:
        split = _split_column(sample, file, width)
    label = _first(names, _LABEL, file, split)
    if label is None:
        others = [column for column in range(width) if column not in (file, split)]
        if len(others) == 1 and (not header or _repeats(sample, others[0])):
            label = others[0]
    return _Columns(file, label, split, header, bool(_PREDICTED & set(names)))


def _repeats(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Whether a column says the same again and again, as classes do and captions or prices do not."""
    return 2 * len({_cell(row, column) for row in rows}) <= len(rows)


def _plain(cell: str) -> str:
    return re.sub(r"[\W_]+", "", cell.lower())


def _first(names: Sequence[str], wanted: Iterable[str], *taken: int | None) -> int | None:
    free = {name: column for column, name in reversed(list(enumerate(names))) if column not in taken}
    return next((free[name] for name in wanted if name in free), None)


def _split_column(rows: Sequence[Sequence[str]], file: int, width: int) -> int | None:
    for column in range(width):
        if column != file and all(len(row) > column and split_word(row[column]) for row in rows):
            return column
    return None


def _take(
    table: str,
    rows: list[list[str]],
    known: _Pictures,
    unreadable: _Pictures,
    pictures: int,
    labels: TableLabels,
    cancel: Cancel,
) -> None:
    """Put into `labels` what one table says, if it is one of labels for these pictures."""
    beside, _, name = table.rpartition("/")
    columns = _columns(rows, beside, known)
    if columns is None:
        return
    stem = PurePosixPath(name).stem
    if columns.predicted or "submission" in stem.lower():
        labels.notes.append(f"{quoted([table])} holds predictions, not labels, and was not used.")
        return
    if columns.label is None:
        labels.notes.append(
            f"{quoted([table])} names pictures, but has no column called label, class or category, "
            "and was not used."
        )
        return
    found: list[tuple[str, Row]] = []
    missing = []
    whole = split_and_rest(stem)[0]
    body = rows[1:] if columns.header else rows
    for number, row in enumerate(body):
        if number % _CANCEL_EVERY == 0 and cancel.check():
            return
        cell = _cell(row, columns.file)
        path = known.find(cell, beside) if cell else None
        if path is not None:
            split = split_word(_cell(row, columns.split)) or whole
            found.append((path, Row(clean(_cell(row, columns.label)) or None, split)))
        elif cell and unreadable.find(cell, beside) is None:
            missing.append(
                Unreadable(cell, f"It is listed in {quoted([table])}, but there is no such picture.")
            )
    if len(found) < _LEAST_SHARE * len(body) and len(found) * 2 < pictures:
        return
    labels.used.append(table)
    labels.missing += missing
    for path, said_of_it in found:
        _add(path, said_of_it, labels)


def _cell(row: Sequence[str], column: int | None) -> str:
    return row[column].strip() if column is not None and column < len(row) else ""


def _add(path: str, row: Row, labels: TableLabels) -> None:
    before = labels.rows.get(path)
    if before is None:
        labels.rows[path] = row
        return
    if row.label and before.label and row.label != before.label:
        labels.contradicted.add(path)
    labels.rows[path] = Row(before.label or row.label, before.split or row.split)
