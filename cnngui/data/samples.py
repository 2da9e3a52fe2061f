"""Sample data sets that the program draws itself: a first start needs neither pictures nor a network."""

import contextlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from cnngui import settings
from cnngui.cancel import Cancel
from cnngui.data import shapes
from cnngui.data.reasons import said
from cnngui.data.walk import SAMPLE_MARK
from cnngui.errors import RequestError

NAMES: Final = ("shapes",)
VERSION: Final = 1
"""Of the drawings: goes up when the same seed would give other pictures."""
PER_CLASS: Final = 80
QUALITY: Final = 88  # of the JPEGs: what cameras and telephones write

_PARTIAL: Final = ".cnngui-drawing-"  # begins the name of a folder that is still being drawn
_STALE_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True)
class SampleProgress:
    """`done` of `total` pictures are drawn."""

    done: int
    total: int


def home(name: str) -> Path:
    """Where the program draws the sample `name` for itself: in the cache, anew for each version."""
    return settings.cache_dir() / "samples" / f"v{VERSION}" / name


def draw(
    name: str, dest: Path, cancel: Cancel, seed: int = 0, per_class: int | None = None
) -> Iterator[SampleProgress]:
    """Draw the sample `name` into the folder `dest` as `dest/<class>/<class>_001.jpg`, …,
    `per_class` pictures of each class (PER_CLASS, if not said).

    The folder appears once all is drawn; cancelled, closed or killed before, nothing of it is there. A
    `dest` that already holds this very sample is left as it is, and only the last progress is said.
    Raises RequestError for an unknown name, a `dest` that holds anything else, and where the disk is full or
    may not be written to.
    """
    if name not in NAMES:
        raise RequestError(f"There is no sample called “{name}”: choose one of {', '.join(NAMES)}.")
    dest = dest.absolute()
    per_class = PER_CLASS if per_class is None else per_class
    total = len(shapes.OUTLINES) * per_class
    mark = json.dumps({"sample": name, "version": VERSION, "seed": seed, "pictures": total})
    try:
        if _is_drawn(dest, mark, total):
            yield SampleProgress(total, total)
            return
        dest.parent.mkdir(parents=True, exist_ok=True)
        _remove_stale(dest.parent)
        partial = dest.parent / f"{_PARTIAL}{uuid.uuid4().hex}"
        partial.mkdir()
        try:
            yield from _draw_all(partial, cancel, seed, per_class)
            if not cancel.stopped:
                (partial / SAMPLE_MARK).write_text(mark, "utf-8")
                _put_in_place(partial, dest)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise RequestError(
            f"The sample cannot be written to “{dest}” ({said(error)}): choose another folder."
        ) from error


def _draw_all(folder: Path, cancel: Cancel, seed: int, per_class: int) -> Iterator[SampleProgress]:
    total = len(shapes.OUTLINES) * per_class
    sheets = shapes.grain(np.random.default_rng([seed, VERSION]))
    for label in shapes.OUTLINES:
        (folder / label).mkdir()

    def draw_one(position: int, label: str, number: int) -> None:
        if cancel.check():
            return
        picture = shapes.draw(label, np.random.default_rng([seed, VERSION, position, number]), sheets)
        picture.save(folder / label / f"{label}_{number + 1:03}.jpg", quality=QUALITY)

    yield SampleProgress(0, total)
    # Nearly all of the time is Pillow's, which lets other threads run meanwhile.
    pool = ThreadPoolExecutor(min(4, os.cpu_count() or 1), "sample")
    try:
        jobs = [
            pool.submit(draw_one, position, label, number)
            for number in range(per_class)
            for position, label in enumerate(shapes.OUTLINES)
        ]
        for done, job in enumerate(jobs, 1):
            job.result()
            if cancel.stopped:
                return
            yield SampleProgress(done, total)
    finally:
        pool.shutdown(cancel_futures=True)


def _is_drawn(dest: Path, mark: str, total: int) -> bool:
    """Whether `dest` holds the sample already; False where it is free. RequestError where it is neither."""
    if not dest.exists():
        return False
    if not dest.is_dir():
        raise RequestError(f"“{dest}” is a file: choose a folder to draw the sample in.")
    if not any(dest.iterdir()):
        return False
    try:
        own = (dest / SAMPLE_MARK).read_text("utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        raise RequestError(f"The folder “{dest}” is not empty: choose an empty or a new folder.") from None
    if own != mark:
        raise RequestError(
            f"The folder “{dest}” holds a sample of another seed or version: choose an empty or a new folder."
        )
    if sum(1 for _ in dest.glob("*/*.jpg")) < total:
        raise RequestError(
            f"Pictures are missing from the sample in “{dest}”: delete the folder, or choose another one."
        )
    return True


def _put_in_place(partial: Path, dest: Path) -> None:
    if dest.exists():
        dest.rmdir()  # it is empty: Windows renames onto nothing that is there
    partial.replace(dest)


def _remove_stale(folder: Path) -> None:
    """Clear away what earlier drawings left that were killed."""
    for partial in folder.glob(f"{_PARTIAL}*"):
        with contextlib.suppress(OSError):  # another one's, or gone by now: no reason not to draw
            if time.time() - partial.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(partial)
