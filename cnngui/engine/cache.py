"""Pictures decoded once: prepared uint8 pixels in one memory-mapped file per folder and picture size.

cache_dir()/pictures/<key>/
    pixels-<n>.u8    (pictures, resize, resize, 3), in the order of `contents`
    contents.json    which files, their sizes and times, their hashes, and which could not be read
A folder that has changed costs only its new pictures: the others are copied from the file before.
Deleting the cache loses nothing.
"""

import hashlib
import json
import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from cnngui import settings
from cnngui.cancel import Cancel
from cnngui.data.decode import Rgb
from cnngui.data.index import DatasetIndex, Record, Unreadable
from cnngui.engine.events import Decoding
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.reader import in_order, read_prepared
from cnngui.errors import RequestError
from cnngui.files import cannot_write, write_whole

_LOG = logging.getLogger(__name__)

VERSION = 3  # of the files' layout and of what decoding and preparing give; raised when either changes

# Pictures that a thread prepares at a time: many small ones, so that its hand-over does not show, and few
# photographs, for the memory.
_MOST_IN_BLOCK, _BLOCK_BYTES = 128, 4 * 2**20

# With files of fewer bytes on average, decoding takes less time than the Python around it, of which only one
# thread can run: two get in each other's way (CIFAR-10: 7,700 pictures a second against 15,000 with one).
_TINY_FILE = 4096

_REPORT_SECONDS = 0.1

# Room left on the disk beyond what the pixels take.
_SPARE_BYTES = 200 * 2**20

HASH_BYTES = 16

_LOCK = "lock"  # of a folder whose pictures are being prepared

_Key = tuple[str, int, int]  # path, size, time


@dataclass(frozen=True, slots=True)
class Cached:
    """The prepared pictures of an index: row i belongs to record i.

    `pixels` is a memory map, uint8 (records, resize, resize, 3), copy on write, so that its file never
    changes; rows of unreadable pictures are zero. `hashes` identify the prepared pixels: equal for
    pictures that the network cannot tell apart.
    """

    pixels: np.memmap[Any, np.dtype[np.uint8]]
    hashes: tuple[bytes, ...]
    unreadable: dict[int, str]  # row → reason


def open_cache(index: DatasetIndex, pipeline: ImagePipeline, cancel: Cancel) -> Iterator[Decoding | Cached]:
    """Decode what is not decoded yet, yielding progress; the last item is the Cached (none once cancelled).

    Two processes that want the same pictures take turns. Raises RequestError when the disk is too full.
    """
    spec = pipeline.spec
    identity = f"{VERSION}|{index.root.resolve()}|{spec.resize}|{spec.fit}|{spec.scaling}"
    key = hashlib.sha256(identity.encode(errors="surrogateescape")).hexdigest()
    folder = settings.cache_dir() / "pictures" / key[:20]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / _LOCK)
        while True:
            try:
                lock.acquire(timeout=0.2)
                break
            except Timeout:
                if cancel.check():
                    return
        try:
            yield from _Builder(index, pipeline, folder, cancel).work()
            _evict(folder)
        finally:
            lock.release()
    except OSError as error:
        raise cannot_write(folder, error) from error


class _Builder:
    def __init__(self, index: DatasetIndex, pipeline: ImagePipeline, folder: Path, cancel: Cancel) -> None:
        self.index, self.pipeline, self.folder, self.cancel = index, pipeline, folder, cancel
        self.row_bytes = pipeline.spec.resize**2 * 3
        self.contents = folder / "contents.json"
        self.hashes: list[bytes] = []
        self.unreadable: dict[int, str] = {}

    def work(self) -> Iterator[Decoding | Cached]:
        known, old = self._known()
        keys = [_key(record) for record in self.index.records]
        if old is not None and len(known) == len(keys) and all(known.get(k) == i for i, k in enumerate(keys)):
            os.utime(self.contents)
            yield self._opened(old["pixels"], len(keys))
            return
        self._check_room()
        name = f"pixels-{time.time_ns():x}.u8"
        part = self.folder / name
        try:
            yield from self._write(part, keys, known, old)
            if self.cancel.stopped:
                part.unlink()
                return
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        contents = {
            "version": VERSION,
            "pixels": name,
            "files": keys,
            "hashes": [h.hex() for h in self.hashes],
            "unreadable": {str(row): reason for row, reason in self.unreadable.items()},
        }
        write_whole(self.contents, json.dumps(contents).encode())
        for stale in self.folder.glob("pixels-*.u8"):
            if stale.name != name:
                _remove(stale)
        yield self._opened(name, len(keys))

    def _known(self) -> tuple[dict[_Key, int], dict[str, Any] | None]:
        """Which files the cache holds already, and its contents; nothing where it cannot be trusted."""
        try:
            old = json.loads(self.contents.read_bytes())
            pixels = self.folder / old["pixels"]
            keys = [(path, size, mtime) for path, size, mtime in old["files"]]
            if pixels.stat().st_size != len(keys) * self.row_bytes or len(old["hashes"]) != len(keys):
                return {}, None
        except (OSError, ValueError, KeyError, TypeError):
            return {}, None  # no cache yet, or a damaged one: it is made anew
        self.hashes = [bytes.fromhex(text) for text in old["hashes"]]
        self.unreadable = {int(row): reason for row, reason in old["unreadable"].items()}
        return {key: row for row, key in enumerate(keys)}, old

    def _opened(self, name: str, rows: int) -> Cached:
        shape = (rows, self.pipeline.spec.resize, self.pipeline.spec.resize, 3)
        pixels = np.memmap(self.folder / name, np.uint8, "c", shape=shape)
        return Cached(pixels, tuple(self.hashes), self.unreadable)

    def _check_room(self) -> None:
        needed = len(self.index.records) * self.row_bytes + _SPARE_BYTES
        free = shutil.disk_usage(self.folder).free
        if free < needed:
            raise RequestError(
                f"The decoded pictures need {needed / 2**30:.1f} GB in {self.folder}, where "
                f"{free / 2**30:.1f} GB are free: make room, or set CNNGUI_HOME to a folder on a larger disk."
            )

    def _write(
        self, part: Path, keys: list[_Key], known: dict[_Key, int], old: dict[str, Any] | None
    ) -> Iterator[Decoding]:
        """Write every row in order. Plain writes, not a writable map: on a full disk they fail with an
        error, where a map would kill the process."""
        before = self._opened(old["pixels"], len(known)) if old is not None and known else None
        self.hashes, self.unreadable = [], {}
        side, records = self.pipeline.spec.resize, self.index.records

        def block(rows: range) -> _Block:
            made = _Block(np.zeros((len(rows), side, side, 3), np.uint8))
            for place, row in enumerate(rows):
                if self.cancel.stopped:
                    break
                earlier = known.get(keys[row])
                if before is not None and earlier is not None and earlier not in before.unreadable:
                    made.pixels[place] = before.pixels[earlier]
                    made.hashes.append(before.hashes[earlier])
                    continue
                image = read_prepared(self.index.file(records[row]), self.pipeline.spec)
                if isinstance(image, Unreadable):
                    made.unreadable[row] = image.reason
                else:
                    made.pixels[place] = image
                made.hashes.append(_hash(made.pixels[place]))
            return made

        total, started, reported = len(keys), time.monotonic(), 0.0
        many = max(1, min(_MOST_IN_BLOCK, _BLOCK_BYTES // self.row_bytes))
        blocks = (range(first, min(first + many, total)) for first in range(0, total, many))
        tiny = sum(record.size for record in records) < _TINY_FILE * total
        threads = 1 if tiny else None
        with part.open("wb") as file, in_order(block, blocks, self.cancel, threads=threads) as every:
            for made in every:
                file.write(made.pixels.data)
                self.hashes += made.hashes
                self.unreadable |= made.unreadable
                now = time.monotonic() - started
                if now - reported >= _REPORT_SECONDS:
                    reported = now
                    yield Decoding(len(self.hashes), total, now)
        if not self.cancel.stopped:
            yield Decoding(total, total, time.monotonic() - started)


@dataclass(frozen=True, slots=True)
class _Block:
    """Some rows of the cache in the making; of unreadable pictures they stay zero."""

    pixels: npt.NDArray[np.uint8]  # (rows, resize, resize, 3)
    hashes: list[bytes] = field(default_factory=list)
    unreadable: dict[int, str] = field(default_factory=dict)  # row → reason


def _hash(pixels: Rgb) -> bytes:
    # Processors have instructions for SHA-256: half the time of BLAKE2b, which is a tenth of a photograph's.
    return hashlib.sha256(pixels.data).digest()[:HASH_BYTES]


def _key(record: Record) -> _Key:
    return (record.path, record.size, record.mtime_ns)


def _evict(newest: Path) -> None:
    """Remove the caches used longest ago until all of them fit into the limit of the settings."""
    limit = settings.load().cache_limit_gb * 2**30
    others = [folder for folder in newest.parent.iterdir() if folder != newest and folder.is_dir()]
    others.sort(key=_last_used, reverse=True)
    total = size_of(newest)
    for folder in others:
        total += size_of(folder)
        if total > limit:
            # Not those that another training is making. The record first: without it the pixels count as no
            # cache at all.
            with suppress(OSError), FileLock(folder / _LOCK, timeout=0):
                for file in sorted(folder.iterdir(), key=lambda file: file.suffix != ".json"):
                    if file.name != _LOCK:
                        _remove(file)


def _last_used(folder: Path) -> float:
    contents = folder / "contents.json"
    return contents.stat().st_mtime if contents.exists() else 0.0


def size_of(folder: Path) -> int:
    """Bytes of the files in `folder`; of those that another training removes meanwhile, none."""
    total = 0
    for file in folder.iterdir():
        with suppress(FileNotFoundError):
            total += file.stat().st_size
    return total


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except PermissionError:
        # Windows does not delete a file that another training has mapped; the next run will.
        _LOG.info("left %s, which is in use", file)
