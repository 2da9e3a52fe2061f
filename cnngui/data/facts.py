"""One pass over the pictures of a folder: from each file the few facts that pitfalls are found by.

A file is read once. Its header gives size, mode and format, its pixels the rest; a large JPEG is decoded
at reduced scale. Looks, which find near duplicates, are kept apart from the facts: on disk, so that
memory does not grow with them.
"""

import io
import os
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import IO, Final

import numpy as np
from PIL import Image

from cnngui.cancel import Cancel
from cnngui.data import decode as decoding
from cnngui.data.decode import Rgb, decode_bytes
from cnngui.data.formats import FORMATS, SNIFFED
from cnngui.data.index import DatasetIndex, Unreadable
from cnngui.data.looks import LOOK_BYTES, Looks, brightness_of, cosines, hashes, look_of
from cnngui.data.measure import Measures, measure
from cnngui.data.reasons import said
from cnngui.errors import RequestError

_AT_LEAST: Final = (
    96  # a JPEG's shorter side stays at 192 or more: enough for sharpness, an eighth of the work
)
_CHUNK: Final = 16  # files a thread takes at once
_REPORT_SECONDS: Final = 0.1
_LARGEST: Final = 2**30  # bytes of a file that is read at all
_TURNED: Final = frozenset(range(2, 9))
_ORIENTATION: Final = 0x0112


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """One picture. `width` and `height` in pixels, as it is shown (after the EXIF turn). `mode` as Pillow
    names it ("RGB", "L", "P", "RGBA", "CMYK", "I;16"), `format` likewise ("JPEG", "PNG").

    `wrong_suffix`: the file's name says another format. `turned`: an EXIF note turns or mirrors it.
    `digest` (16 bytes) is equal for equal pixels, or for equal files where the picture was not decoded at
    full size. `perceptual`: 64 bits, few of which change when a picture is encoded anew or resized.
    """

    width: int
    height: int
    mode: str
    format: str
    wrong_suffix: bool
    turned: bool
    digest: bytes
    perceptual: int
    measures: Measures


@dataclass(frozen=True, slots=True)
class FactsProgress:
    """`done` of `total` pictures are looked at, after `seconds`."""

    done: int
    total: int
    seconds: float


@dataclass(frozen=True, slots=True)
class FolderImages:
    """`images[i]` belongs to `records[i]` of the index; `looks[i]` as well, uint8 (records, LOOK_BYTES),
    zero where the picture is unreadable. The looks are a memory map of a temporary file that lives as
    long as they do."""

    images: tuple[ImageFacts | Unreadable, ...]
    looks: Looks


def look_at(index: DatasetIndex, cancel: Cancel) -> Iterator[FactsProgress | FolderImages]:
    """Look at every picture, a thread per core, yielding progress; the last item is the FolderImages
    (none once cancelled). A picture that cannot be read is an `Unreadable` in its place, its path
    relative to the root. Raises RequestError where the disk for temporary files is full."""
    started, reported = time.monotonic(), -1.0
    paths = [record.path for record in index.records]
    images: list[ImageFacts | Unreadable] = []
    with _scratch() as file:
        for facts, looks in _in_order(index.root, paths, cancel):
            images += facts
            _keep(file, looks)
            now = time.monotonic() - started
            if now - reported >= _REPORT_SECONDS:
                reported = now
                yield FactsProgress(len(images), len(paths), now)
        if len(images) < len(paths):
            return
        yield FactsProgress(len(images), len(paths), time.monotonic() - started)
        shape = (len(images), LOOK_BYTES)
        # A file of no bytes cannot be mapped.
        kept = np.memmap(file, np.uint8, "r", shape=shape) if images else np.empty(shape, np.uint8)
        yield FolderImages(tuple(images), kept)


def _scratch() -> IO[bytes]:
    try:
        # Unbuffered: a full disk is met when writing, not again when closing.
        return tempfile.TemporaryFile(buffering=0)
    except OSError as error:
        raise _no_room(error) from error


def _keep(file: IO[bytes], looks: bytes) -> None:
    rest = memoryview(looks)
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except OSError as error:
        raise _no_room(error) from error


def _no_room(error: OSError) -> RequestError:
    return RequestError(
        f"The folder for temporary files, {tempfile.gettempdir()}, cannot be written to ({said(error)}): "
        "make room there."
    )


_Looked = tuple[list[ImageFacts | Unreadable], bytes]


def _in_order(root: Path, paths: Sequence[str], cancel: Cancel) -> Iterator[_Looked]:
    """Facts and looks, chunk by chunk in the order of `paths`; ends early once cancelled. Few chunks wait."""
    threads = os.cpu_count() or 1
    waiting: deque[Future[_Looked]] = deque()
    starts = iter(range(0, len(paths), _CHUNK))
    with ThreadPoolExecutor(threads, thread_name_prefix="facts") as pool:
        try:
            while not cancel.check():
                while len(waiting) < 3 * threads and (start := next(starts, None)) is not None:
                    waiting.append(pool.submit(_chunk, root, paths[start : start + _CHUNK], cancel))
                if not waiting:
                    return
                found = waiting.popleft().result()
                if cancel.stopped:
                    return
                yield found
        finally:
            for future in waiting:
                future.cancel()


def _chunk(root: Path, paths: Sequence[str], cancel: Cancel) -> _Looked:
    raw = []
    for path in paths:
        if cancel.stopped:
            return [], b""
        raw.append(_look_at_one(root, path))
    looks = [b"\0" * LOOK_BYTES if isinstance(item, Unreadable) else item[1] for item in raw]
    joined = b"".join(looks)
    brightness = brightness_of(np.frombuffer(joined, np.uint8).reshape(-1, LOOK_BYTES))
    perceptual = hashes(cosines(brightness)).tolist()
    facts: list[ImageFacts | Unreadable] = [
        item if isinstance(item, Unreadable) else replace(item[0], perceptual=number)
        for item, number in zip(raw, perceptual, strict=True)
    ]
    return facts, joined


def _look_at_one(root: Path, path: str) -> tuple[ImageFacts, bytes] | Unreadable:
    name = str(root / path)
    try:
        if os.stat(name).st_size > _LARGEST:  # noqa: PTH116 - as in decode: no Path is needed
            return Unreadable(path, "The file is larger than 1 GB: make it smaller first.")
        with open(name, "rb") as stream:  # noqa: PTH123
            data = stream.read()
    except OSError:
        again = decoding.decode(name)  # says it in words
        return Unreadable(path, again.reason if isinstance(again, Unreadable) else "It could not be read.")
    rgb = decode_bytes(data, name, _AT_LEAST)
    if isinstance(rgb, Unreadable):
        return Unreadable(path, rgb.reason)
    return _facts(data, name, rgb), look_of(rgb)


def _facts(data: bytes, name: str, rgb: Rgb) -> ImageFacts:
    """All but the perceptual hash, which is made for many pictures at once."""
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122
    height, width = rgb.shape[:2]
    # The decoder's own way of opening, so that both agree on what the file is.
    picture = decoding.open_header(io.BytesIO(data), data[:SNIFFED], suffix)
    assert picture is not None  # it was decoded a moment ago
    with picture:
        full, mode, kind = picture.size, picture.mode, picture.format or ""
        turn = _orientation(picture)
    if (height > width) != (full[1] > full[0]):
        full = (full[1], full[0])
    decoded_whole = full == (width, height)
    content = rgb.tobytes() if decoded_whole else data
    digest = blake2b(content, digest_size=16, person=f"{full[0]}x{full[1]}"[:16].encode())
    kind = "JPEG" if kind == "MPO" else kind  # a telephone's JPEG with a second picture in it
    return ImageFacts(
        width=full[0],
        height=full[1],
        mode=mode,
        format=kind,
        wrong_suffix=bool(suffix) and suffix not in FORMATS.get(kind, (suffix,)),
        turned=turn in _TURNED,
        digest=digest.digest(),
        perceptual=0,
        measures=measure(rgb),
    )


def _orientation(picture: Image.Image) -> int:
    if picture.format == "PNG" and "exif" not in picture.info:
        return 1  # getexif() would read the whole file in search of one
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - Pillow raises nearly anything on damaged notes, which do not matter here
        return 1
