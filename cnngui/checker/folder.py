"""Checking a folder of pictures: what is known early is said early."""

import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from cnngui.cancel import Cancel
from cnngui.checker.finding import Finding
from cnngui.checker.folder_facts import FolderFacts
from cnngui.checker.judging import findings
from cnngui.checker.rule import Rule
from cnngui.checker.rules.data import RULES
from cnngui.data.facts import FactsProgress, FolderImages, look_at
from cnngui.data.index import UNLABELLED, DatasetIndex, ScanProgress, Unreadable, scan
from cnngui.data.names import clean, same_name, split_word
from cnngui.data.nearby import Comparing, near_pairs
from cnngui.engine.results import OutOfFold

SCANNING: Final = "Reading the folder"
LOOKING: Final = "Looking at the pictures"
COMPARING: Final = "Looking for near duplicates"

# The groups of rules, by what must be known before they can speak.
AFTER_SCAN: Final = ("folders",)
AFTER_LOOK: Final = ("files", "pictures", "copies", "labels")
AFTER_COMPARISON: Final = ("near copies",)


@dataclass(frozen=True, slots=True)
class Checking:
    """What the check is at: `phase` in words, `done` of `total` (0 where it is not known yet), after
    `seconds` of this phase."""

    phase: str
    done: int
    total: int
    seconds: float


def check_folder(
    root: Path,
    cancel: Cancel,
    size: int = 32,
    *,
    index: DatasetIndex | None = None,
    predictions: OutOfFold | None = None,
    rules: Iterable[Rule[FolderFacts]] = RULES,
) -> Iterator[Checking | Finding]:
    """Check the pictures below `root`, yielding progress and findings as they are made; ends early once
    cancelled.

    `size` is the side of the square the network will see. `index` saves the scan where there was one.
    With `predictions` labels are judged as well. Near duplicates are only looked for where one of `rules`
    asks for them. Raises RequestError where `root` is missing, is a file or may not be read. A rule that
    fails becomes a finding of its own.
    """
    listed = tuple(rules)
    done: set[str] = set()
    comparing = any(one.group in AFTER_COMPARISON for one in listed)
    for item in survey(root, cancel, size, index=index, predictions=predictions, compare=comparing):
        if isinstance(item, Checking):
            yield item
            continue
        ready, facts = item
        for one in listed:
            if one.group in ready and one.name not in done:
                done.add(one.name)
                yield from findings(one, facts, str(facts.index.root))


def survey(
    root: Path,
    cancel: Cancel,
    size: int = 32,
    *,
    index: DatasetIndex | None = None,
    predictions: OutOfFold | None = None,
    compare: bool = True,
) -> Iterator[Checking | tuple[tuple[str, ...], FolderFacts]]:
    """Gather the facts, yielding progress and, three times, what is known with the groups of rules that it is
    enough for. The last item holds all of it."""
    if index is None:
        started = time.monotonic()
        for step in scan(root, cancel):
            if isinstance(step, ScanProgress):
                yield Checking(SCANNING, step.files, 0, time.monotonic() - started)
            else:
                index = step
        if index is None:
            return
    facts = FolderFacts(index, size, _empty_folders(index), predictions=predictions)
    yield AFTER_SCAN, facts
    seen: FolderImages | None = None
    for look in look_at(index, cancel):
        if isinstance(look, FactsProgress):
            yield Checking(LOOKING, look.done, look.total, look.seconds)
        else:
            seen = look
    if seen is None:
        return
    facts = replace(facts, images=seen.images, equal=_equal(seen))
    yield AFTER_LOOK, facts
    if not compare:
        return
    started = time.monotonic()
    for step_or_pairs in near_pairs(seen.looks, _one_of_each(facts), cancel):
        if isinstance(step_or_pairs, Comparing):
            seconds = time.monotonic() - started
            yield Checking(COMPARING, step_or_pairs.done, step_or_pairs.total, seconds)
        else:
            near = tuple((int(one), int(other)) for one, other in step_or_pairs.pairs)
            yield AFTER_COMPARISON, replace(facts, near=near)


def _equal(seen: FolderImages) -> tuple[tuple[int, ...], ...]:
    groups: dict[bytes, list[int]] = defaultdict(list)
    for position, image in enumerate(seen.images):
        if not isinstance(image, Unreadable):
            groups[image.digest].append(position)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _one_of_each(facts: FolderFacts) -> npt.NDArray[np.bool_]:
    """(records,) which pictures to compare: the readable ones, of equal ones the first."""
    use = np.zeros(len(facts.images), bool)
    use[[position for position, _ in facts.readable()]] = True
    use[[position for group in facts.equal for position in group[1:]]] = False
    return use


def _empty_folders(index: DatasetIndex) -> tuple[str, ...]:
    """Folders beside the class folders in which the scan found no picture, relative to the root."""
    alive: set[str] = set()
    beside: set[str] = set()
    names = [same_name(name) for name in index.classes]
    for folder, label in {(record.path.rpartition("/")[0], record.label) for record in index.records}:
        parts = folder.split("/") if folder else []
        alive.update("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
        if label != UNLABELLED:
            beside.update(
                "/".join(parts[:depth])
                for depth, part in enumerate(parts)
                if same_name(clean(part)) == names[label]
            )
    passed_over = {item.path for item in index.ignored}
    empty = [
        path
        for parent in beside
        for path in _subfolders(index.root, parent)
        if path not in alive and path not in passed_over and not split_word(path.rpartition("/")[2])
    ]
    return tuple(sorted(empty))


def _subfolders(root: Path, parent: str) -> list[str]:
    try:
        with os.scandir(root / parent) as entries:
            names = [entry.name for entry in entries if entry.is_dir()]
    except OSError:  # it went away after the scan, which then says so of its pictures
        return []
    return [f"{parent}/{name}" if parent else name for name in names]
