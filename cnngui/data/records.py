"""The plain values that a scan gives: frozen, no work in them."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Split(StrEnum):
    """Where the folder's own layout puts a picture. UNSPLIT: the layout does not say."""

    UNSPLIT = ""
    TRAIN = "train"
    VAL = "val"
    TEST = "test"


UNLABELLED = -1


@dataclass(frozen=True, slots=True)
class Record:
    """One picture file. `path` is relative to the index's root, with `/` between folders; bytes that are
    not UTF-8 stand in it as surrogate escapes, as `os.fsdecode` gives them."""

    path: str
    label: int  # index into DatasetIndex.classes, or UNLABELLED
    split: Split
    size: int  # bytes
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A picture that cannot be used, and why in one plain sentence. `path` as it was asked for."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """`files` seen so far, in the folder `folder` (relative to the root) at this moment."""

    files: int
    folder: str


@dataclass(frozen=True, slots=True)
class DatasetIndex:
    """What a folder holds.

    `classes` are in case-insensitive alphabetical order, so that the same folder always gives the same
    labels; `records` are in path order. `notes` are sentences that say what the scan understood or
    passed over ("“validation” was read as the validation split."). `fingerprint` changes when a file
    comes, goes, changes its size or its time, or changes class or split.
    """

    root: Path
    classes: tuple[str, ...]
    records: tuple[Record, ...]
    unreadable: tuple[Unreadable, ...]
    ignored: tuple[Unreadable, ...]
    notes: tuple[str, ...]
    fingerprint: str

    @property
    def labelled(self) -> bool:
        """False for a flat folder: there is nothing to learn from, only pictures to classify."""
        return bool(self.classes)

    def counts(self) -> tuple[int, ...]:
        """How many pictures each class has."""
        counts = Counter(record.label for record in self.records)
        return tuple(counts[label] for label in range(len(self.classes)))

    def file(self, record: Record) -> Path:
        """Where the record's picture is on disk."""
        return self.root / record.path
