"""Two indexes as one: training pictures from one folder, validation pictures from another."""

import hashlib
from dataclasses import replace

from cnngui.data.index import UNLABELLED, DatasetIndex, Record, Split
from cnngui.errors import RequestError


def with_validation(index: DatasetIndex, val: DatasetIndex) -> DatasetIndex:
    """`index` with the pictures of `val` as its validation split; its own is then trained on.

    Their paths are absolute. Raises RequestError when `val` has a class that `index` has not.
    """
    unknown = [name for name in val.classes if name not in index.classes]
    if unknown or not val.classes:
        what = f"has a class “{unknown[0]}” that {index.root} has not" if unknown else "has no classes"
        raise RequestError(f"The validation folder {val.root} {what}: both need the same class folders.")
    root = val.root.resolve()

    def moved(record: Record) -> Record:
        label = UNLABELLED if record.label == UNLABELLED else index.classes.index(val.classes[record.label])
        return replace(record, path=(root / record.path).as_posix(), label=label, split=Split.VAL)

    own = (replace(r, split=Split.TRAIN) if r.split is Split.VAL else r for r in index.records)
    both = f"{index.fingerprint} {val.fingerprint}".encode()
    return replace(
        index,
        records=(*own, *map(moved, val.records)),
        unreadable=index.unreadable + val.unreadable,
        notes=(*index.notes, f"The {len(val.records):,} pictures in {val.root} are the validation pictures."),
        fingerprint=hashlib.sha256(both).hexdigest(),
    )
