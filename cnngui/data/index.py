"""From a folder to a `DatasetIndex`: the walk, what its folders mean, and the records that follow."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from cnngui.cancel import Cancel
from cnngui.data.layouts import Layout, Place, understand
from cnngui.data.names import quoted, same_name
from cnngui.data.records import (
    UNLABELLED,
    DatasetIndex,
    Record,
    ScanProgress,
    Split,
    Unreadable,
)
from cnngui.data.walk import Found, walk

__all__ = [
    "UNLABELLED",
    "DatasetIndex",
    "Record",
    "ScanProgress",
    "Split",
    "Unreadable",
    "scan",
]

_NOWHERE: Final = Place(Split.UNSPLIT, None)


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
    if not cancel.check():
        yield _index(root, found, layout)


def _index(root: Path, found: Found, layout: Layout) -> DatasetIndex:
    labels = {place.label for place in layout.places.values() if place.label is not None}
    classes = tuple(sorted(labels, key=lambda name: (same_name(name), name)))
    number = {name: position for position, name in enumerate(classes)}
    records = []
    for parts, files in found.pictures.items():
        place = layout.places.get(parts, _NOWHERE)
        label = UNLABELLED if place.label is None else number[place.label]
        before = "".join(f"{part}/" for part in parts)
        records += [Record(before + name, label, place.split, size, mtime) for name, size, mtime in files]
    records.sort(key=lambda record: record.path)
    return DatasetIndex(
        root=root,
        classes=classes,
        records=tuple(records),
        unreadable=_in_order(found.unreadable),
        ignored=_in_order(found.ignored),
        notes=(*layout.notes, *_empty_folder_notes(found, layout)) if records else (),
        fingerprint=_fingerprint(classes, records),
    )


def _in_order(items: Iterable[Unreadable]) -> tuple[Unreadable, ...]:
    return tuple(sorted(items, key=lambda item: item.path))


def _empty_folder_notes(found: Found, layout: Layout) -> list[str]:
    """Folders without a picture where class folders stand: no classes, but their owner may think so."""
    alive = {parts[:depth] for parts in found.pictures for depth in range(len(parts) + 1)}
    beside = {parts[:-1] for parts, place in layout.places.items() if parts and place.label is not None}
    empty = sorted("/".join(parts) for parts in found.folders if parts not in alive and parts[:-1] in beside)
    if not empty:
        return []
    verb = "holds" if len(empty) == 1 else "hold"
    return [
        f"{quoted(empty)} {verb} no pictures and so {'is no class' if len(empty) == 1 else 'are no classes'}."
    ]


def _fingerprint(classes: tuple[str, ...], records: list[Record]) -> str:
    digest = hashlib.sha256()
    for record in records:
        name = classes[record.label] if record.label != UNLABELLED else ""
        line = f"{record.path}\0{name}\0{record.split}\0{record.size}\0{record.mtime_ns}\n"
        digest.update(line.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
