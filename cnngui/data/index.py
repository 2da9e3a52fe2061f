"""From a folder to a `DatasetIndex`: the walk, what its folders mean, and the records that follow."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from cnngui.cancel import Cancel
from cnngui.data import tables
from cnngui.data.layouts import TITLES, Layout, understand
from cnngui.data.names import counted, quoted, same_name, was
from cnngui.data.records import (
    UNLABELLED,
    DatasetIndex,
    Record,
    ScanProgress,
    Split,
    Unreadable,
)
from cnngui.data.walk import Found, Parts, walk

__all__ = [
    "UNLABELLED",
    "DatasetIndex",
    "Record",
    "ScanProgress",
    "Split",
    "Unreadable",
    "scan",
]

_UNLISTED: Final = tables.Row(None, Split.UNSPLIT)


def scan(root: Path, cancel: Cancel) -> Iterator[ScanProgress | DatasetIndex]:
    """Walk `root` and yield progress, then the index as the last item (nothing more once cancelled).

    No picture is opened: what is listed may still turn out unreadable when it is decoded. What folders mean
    is told in `layouts`, what tables beside the pictures mean in `tables`. An empty folder gives an index
    without records. Raises RequestError where `root` is missing, is a file or may not be read.
    """
    root = root.absolute()
    found = Found()
    yield from walk(root, cancel, found)
    if cancel.check():
        return
    layout = understand(found.pictures)
    yield ScanProgress(found.files, "")
    table = _table(root, found, cancel)
    if not cancel.check():
        yield _index(root, found, layout, table)


def _table(root: Path, found: Found, cancel: Cancel) -> tables.TableLabels:
    if not found.tables or not found.pictures:
        return tables.TableLabels()
    return tables.read(
        root,
        ["/".join(parts) for parts in found.tables],
        [_under(parts) + name for parts, files in found.pictures.items() for name, _, _ in files],
        [item.path for item in found.unreadable],
        cancel,
    )


def _under(parts: Parts) -> str:
    return "".join(f"{part}/" for part in parts)


def _index(root: Path, found: Found, layout: Layout, table: tables.TableLabels) -> DatasetIndex:
    count = sum(map(len, found.pictures.values()))
    by_table = layout.doubtful and bool(table.labels) and (not layout.labels or len(table.rows) * 2 >= count)
    labels = table.labels if by_table else layout.labels
    classes = tuple(sorted(labels, key=lambda name: (same_name(name), name)))
    number = {name: position for position, name in enumerate(classes)}
    records = []
    for parts, files in found.pictures.items():
        place = layout.places[parts]
        before = _under(parts)
        for name, size, mtime in files:
            path = before + name
            row = table.rows.get(path, _UNLISTED) if by_table else place
            label = UNLABELLED if row.label is None else number[row.label]
            records.append(Record(path, label, row.split or place.split, size, mtime))
    records.sort(key=lambda record: record.path)
    notes = [*layout.split_notes, *table.notes]
    if by_table:
        notes += _table_notes(table, count)
    else:
        notes += [*_unused_notes(table), *layout.class_notes, *_empty_folder_notes(found, layout)]
    notes += _absence_notes(classes, records)
    used = set(table.used) if by_table else set()
    return DatasetIndex(
        root=root,
        classes=classes,
        records=tuple(records),
        unreadable=_in_order([*found.unreadable, *(table.missing if by_table else ())]),
        ignored=_in_order(item for item in found.ignored if item.path not in used),
        notes=tuple(notes) if records else (),
        fingerprint=_fingerprint(classes, records),
    )


def _in_order(items: Iterable[Unreadable]) -> tuple[Unreadable, ...]:
    return tuple(sorted(items, key=lambda item: item.path))


def _table_notes(table: tables.TableLabels, pictures: int) -> list[str]:
    notes = [f"The classes were read from {quoted(table.used)}."]
    unlisted, missing = pictures - len(table.rows), len(table.missing)
    if unlisted:
        notes.append(f"{counted(unlisted, 'picture')} not listed there and so without a class.")
    if missing:
        notes.append(f"{counted(missing, 'file')} listed there but not in the folder.")
    return notes


def _unused_notes(table: tables.TableLabels) -> list[str]:
    if not table.used:
        return []
    return [f"{quoted(table.used)} {was(table.used)} not used: the folders name the classes."]


def _empty_folder_notes(found: Found, layout: Layout) -> list[str]:
    """Folders without a picture where class folders stand: no classes, but their owner may think so."""
    alive = {parts[:depth] for parts in found.pictures for depth in range(len(parts) + 1)}
    beside = {parts[:-1] for parts, place in layout.places.items() if parts and place.label is not None}
    empty = sorted("/".join(parts) for parts in found.folders if parts not in alive and parts[:-1] in beside)
    if not empty:
        return []
    return [
        f"{quoted(empty)} {'holds' if len(empty) == 1 else 'hold'} no pictures: no class was made of that."
    ]


def _absence_notes(classes: tuple[str, ...], records: Iterable[Record]) -> list[str]:
    """Which classes are missing in which split. Training takes in what the folder leaves unsplit."""
    held: dict[Split, set[int]] = {}
    for record in records:
        if record.label != UNLABELLED:
            held.setdefault(record.split or Split.TRAIN, set()).add(record.label)
    notes = []
    for split, title in TITLES.items():
        missing = [name for label, name in enumerate(classes) if label not in held.get(split, ())]
        if split in held and missing:
            notes.append(f"{quoted(missing)} {'has' if len(missing) == 1 else 'have'} no {title} pictures.")
    return notes


def _fingerprint(classes: tuple[str, ...], records: list[Record]) -> str:
    digest = hashlib.sha256()
    for record in records:
        name = classes[record.label] if record.label != UNLABELLED else ""
        line = f"{record.path}\0{name}\0{record.split}\0{record.size}\0{record.mtime_ns}\n"
        digest.update(line.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
