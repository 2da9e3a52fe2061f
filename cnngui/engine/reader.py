"""From a file to the prepared picture: the one place where both the cache and the classifier read.

`data.decode` is the reference. Small plain JPEG files go through torchvision's decoder instead, which
gives the same pixels (a test compares them) in a fifth of the time; whatever is odd about a file sends
it back to the reference, which knows how to say what is wrong.
"""

import os
import stat
import struct
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import torch

from cnngui.cancel import Cancel
from cnngui.data.decode import Rgb, decode, decode_bytes
from cnngui.data.index import Unreadable
from cnngui.engine.pipeline import ImagePipeline

_Thing = TypeVar("_Thing")
_Result = TypeVar("_Result")

_RGB = 3  # the operator's number for "three channels"

# Larger files are photographs, which the reference decodes at reduced scale: faster still.
_SMALL_FILE = 64 * 1024

_START, _END = b"\xff\xd8", b"\xff\xd9"
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_APP0, _SCAN = 0xE0, 0xDA
_FRAME = struct.Struct(">HBHHB")  # length, bits, height, width, components


def _jpeg_operator() -> Any:
    """torchvision's decoder, or None where there is none; then the reference decodes.

    Its Python functions are deprecated since 0.29 and warn at every call; the operator below them does
    not. The library that holds it is loaded by itself, because importing torchvision brings its networks
    and PyTorch's compiler along: over a second for nothing.
    """
    spec = find_spec("torchvision")
    if spec is None or spec.origin is None:
        return None
    for library in sorted(Path(spec.origin).parent.glob("image*.*")):
        if library.suffix in (".so", ".pyd", ".dylib"):
            try:
                torch.ops.load_library(library)  # type: ignore[no-untyped-call]
            except OSError:
                continue  # its own libraries are missing, such as libjpeg
    return getattr(torch.ops.image, "decode_jpeg", None)


_decode_jpeg = _jpeg_operator()


def read_prepared(path: Path | str, pipeline: ImagePipeline) -> Rgb | Unreadable:
    """uint8 (resize, resize, 3), or why the file cannot be used. Safe to call from several threads."""
    at_least = pipeline.spec.resize
    data = _small_file(path)
    if data is None:
        image = decode(path, at_least)
    else:
        plain = _decode_plain(data, at_least)
        image = decode_bytes(data, os.fspath(path), at_least) if plain is None else plain
    return image if isinstance(image, Unreadable) else pipeline.prepare(image)


def read_in_order(
    paths: Iterable[Path], pipeline: ImagePipeline, cancel: Cancel
) -> Iterator[tuple[Path, Rgb | Unreadable]]:
    """Each path with its prepared picture, in the order given, as `in_order` has it."""
    return in_order(lambda path: (path, read_prepared(path, pipeline)), paths, cancel)


def in_order(
    work: Callable[[_Thing], _Result], things: Iterable[_Thing], cancel: Cancel, threads: int | None = None
) -> Iterator[_Result]:
    """`work` of each thing, in the order given, done by so many threads, one per core if not said; ends early
    once cancelled.

    `things` is taken from lazily and only a few per thread are in memory at a time.
    """
    threads = threads or os.cpu_count() or 1
    rest = iter(things)
    waiting: deque[Future[_Result]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="read") as pool:
        while not cancel.check():
            waiting.extend(pool.submit(work, thing) for thing in islice(rest, 3 * threads - len(waiting)))
            if not waiting:
                return
            yield waiting.popleft().result()
        for future in waiting:
            future.cancel()


def _small_file(path: Path | str) -> bytes | None:
    """The content of a small ordinary file, None for any other and for one that cannot be read."""
    try:
        # Not by Path, which takes twice as long: a data set has hundreds of thousands of small files.
        status = os.stat(path)  # noqa: PTH116
        if not stat.S_ISREG(status.st_mode) or status.st_size > _SMALL_FILE:  # opening a pipe would wait
            return None
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            return file.readall()
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return None  # `decode` says it in words


def _decode_plain(data: bytes, at_least: int) -> Rgb | None:
    if _decode_jpeg is None:
        return None
    size = plain_jpeg_size(data)
    # From there on the reference decodes at reduced scale, which torchvision cannot.
    if size is None or min(size) >= 4 * at_least:
        return None
    try:
        encoded = torch.frombuffer(bytearray(data), dtype=torch.uint8)
        image: Rgb = _decode_jpeg(encoded, _RGB, False).permute(1, 2, 0).contiguous().numpy()
    except RuntimeError:
        return None  # the reference finds out what is wrong and says it
    # What libjpeg could not find in the file it leaves mid-grey; whether that is so, the reference decides.
    return None if (image[-1, -1] == 128).all() else image


def plain_jpeg_size(data: bytes) -> tuple[int, int] | None:
    """(height, width) of a JPEG file with nothing special about it, else None.

    Plain: complete to its end marker, 8-bit, three components, and no application segment but JFIF's
    (so no EXIF turn, no colour profile, no Adobe colour transform).
    """
    if not data.startswith(_START) or not data.endswith(_END):
        return None
    place, size = 2, None
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == _SCAN:
            return size
        if _APP0 < marker <= 0xEF:
            return None
        if marker in (_BASELINE, _EXTENDED, _PROGRESSIVE):
            length, depth, height, width, components = _FRAME.unpack_from(data, place + 2)
            if depth != 8 or components != 3:
                return None
            size = (height, width)
        else:
            length = data[place + 2] << 8 | data[place + 3]
        place += 2 + length
    return None
