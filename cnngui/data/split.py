"""Which pictures a network learns from and which it is measured on."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from cnngui.data.names import quoted
from cnngui.data.records import UNLABELLED, DatasetIndex, Split


@dataclass(frozen=True, slots=True)
class Parts:
    """Positions in `index.records`, ascending, each at most once. `notes` say how the parts came about."""

    train: tuple[int, ...]
    val: tuple[int, ...]
    notes: tuple[str, ...]


def split(index: DatasetIndex, hashes: Sequence[bytes], val_fraction: float, seed: int) -> Parts:
    """Training and validation pictures of a folder; the same for the same arguments, everywhere.

    `hashes[i]` identifies the content of `records[i]`. `val_fraction` is at least 0 and below 1. Only
    records with a label are taken, and never those of a test split. A validation split of the folder's own is
    used as it is; otherwise each class gives `val_fraction` of its pictures, at least one if it has two
    different ones. Pictures of equal content stay together, whatever their classes, and a training picture
    that is also a validation or test picture is left out.

    Raises ValueError for a `val_fraction` out of range or a wrong number of hashes.
    """
    if not 0 <= val_fraction < 1:
        raise ValueError(f"val_fraction {val_fraction} must be at least 0 and below 1")
    if len(hashes) != len(index.records):
        raise ValueError(f"{len(hashes)} hashes for {len(index.records)} records")
    labelled = [i for i, record in enumerate(index.records) if record.label != UNLABELLED]
    test = {hashes[i] for i, record in enumerate(index.records) if record.split == Split.TEST}
    pool = [i for i in labelled if index.records[i].split in (Split.TRAIN, Split.UNSPLIT)]
    own = [i for i in labelled if index.records[i].split == Split.VAL]
    notes = []
    known = test | {hashes[i] for i in own}
    train = [i for i in pool if hashes[i] not in known]
    if len(train) < len(pool):
        notes.append(_left_out(len(pool) - len(train)))
    if own:
        return Parts(tuple(train), tuple(own), (*notes, *_own_notes(index, train, own)))
    val = _held_out(index, hashes, train, val_fraction, seed)
    notes += _held_out_notes(index, train, val)
    return Parts(tuple(i for i in train if i not in val), tuple(sorted(val)), tuple(notes))


def _held_out(
    index: DatasetIndex, hashes: Sequence[bytes], pool: Sequence[int], fraction: float, seed: int
) -> set[int]:
    """The part of `pool` to validate on, by whole groups of equal content.

    Groups are taken in the order of a keyed hash of their content: no generator whose numbers might change
    with a library, and a picture more or less leaves most others where they were.
    """
    groups: dict[bytes, list[int]] = defaultdict(list)
    for i in pool:
        groups[hashes[i]].append(i)
    key = seed.to_bytes(16, "big", signed=True)
    order = sorted(groups, key=lambda content: (blake2b(content, key=key).digest(), content))
    label = [record.label for record in index.records]
    total = Counter(label[i] for i in pool)
    wanted = {name: _wanted(count, fraction) for name, count in total.items()}
    taken = dict.fromkeys(total, 0)
    chosen: set[bytes] = set()

    def take(content: bytes, most: Mapping[int, int]) -> None:
        """Choose the group if no class then gives more than `most` of its pictures."""
        given = taken.copy() if len(groups[content]) > 1 else taken  # nearly all are single: no copy for them
        for i in groups[content]:
            if given[label[i]] >= most[label[i]]:
                return
            given[label[i]] += 1
        taken.update(given)
        chosen.add(content)

    for content in order:
        take(content, wanted)
    if fraction > 0 and not all(taken.values()):
        # A class whose every group was too large for its share: its smallest group, if another one stays.
        spare = {name: count - 1 for name, count in total.items()}
        for content in sorted(order, key=lambda content: len(groups[content])):
            if content not in chosen and not all(taken[label[i]] for i in groups[content]):
                take(content, spare)
    return {i for content in chosen for i in groups[content]}


def _wanted(count: int, fraction: float) -> int:
    """How many of `count` pictures to hold out: the nearest number, at least one, never all."""
    return min(max(1, math.floor(count * fraction + 0.5)), count - 1) if fraction > 0 else 0


def _left_out(count: int) -> str:
    if count == 1:
        return "1 training picture is also a validation or test picture and was left out of the training."
    return (
        f"{count:,} training pictures are also validation or test pictures and were left out of the training."
    )


def _own_notes(index: DatasetIndex, train: Iterable[int], val: Iterable[int]) -> list[str]:
    learned = {index.records[i].label for i in train}
    unknown = sorted({index.records[i].label for i in val} - learned)
    if not unknown:
        return []
    names = quoted(index.classes[label] for label in unknown)
    return [f"There are validation pictures of {names}, but none to learn from."]


def _held_out_notes(index: DatasetIndex, pool: Sequence[int], val: set[int]) -> list[str]:
    notes = []
    if val:
        notes.append(
            f"The folder names no validation pictures, so {len(val):,} of {len(pool):,} training pictures "
            "were set aside for it."
        )
    elif pool:
        notes.append("No pictures were set aside for validation.")
    held = {index.records[i].label for i in val}
    alone = sorted({index.records[i].label for i in pool} - held)
    if val and alone:
        names = quoted(index.classes[label] for label in alone)
        verb = "has" if len(alone) == 1 else "have"
        notes.append(f"{names} {verb} too few different pictures to set one aside, so all are trained on.")
    return notes
