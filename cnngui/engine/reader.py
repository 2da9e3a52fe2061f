"""From a file to the prepared picture: the one place where both the cache and the classifier read.

`data.decode` is the reference. Small plain JPEG files go through torchvision's decoder instead, which
gives the same pixels (a test compares them) in a fifth of the time; whatever is odd about a file sends
it back to the reference, which knows how to say what is wrong.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from cnngui.cancel import Cancel
from cnngui.data.decode import Rgb, decode, decode_bytes
from cnngui.data.index import Unreadable
from cnngui.engine.pipeline import ImagePipeline

_RGB = 3  # the operator's number for "three channels"

# Larger files are photographs, which the reference decodes at reduced scale: faster still.
_SMALL_FILE = 64 * 1024

_START, _END = b"\xff\xd8", b"\xff\xd9"
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_APP0, _SCAN = 0xE0, 0xDA


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


def read_prepared(path: Path, pipeline: ImagePipeline) -> Rgb | Unreadable:
    """uint8 (resize, resize, 3), or why the file cannot be used. Safe to call from several threads."""
    at_least = pipeline.spec.resize
    try:
        small = path.stat().st_size <= _SMALL_FILE
        data = path.read_bytes() if small else b""
    except OSError:
        return decode(path, at_least)  # says it in words
    if not small:
        image = decode(path, at_least)
    else:
        plain = _decode_plain(data, at_least)
        image = decode_bytes(data, str(path), at_least) if plain is None else plain
    return image if isinstance(image, Unreadable) else pipeline.prepare(image)


def read_in_order(
    paths: Iterable[Path], pipeline: ImagePipeline, cancel: Cancel, chunk: int = 1
) -> Iterator[tuple[Path, Rgb | Unreadable]]:
    """Each path with its prepared picture, in the order given, read by a thread per core; ends early once
    cancelled.

    `paths` is taken from lazily and only a few chunks per thread are in memory at a time. `chunk` files go
    to a thread at once: 1 gives the first result soonest, more cost less per small file.
    """
    threads = os.cpu_count() or 1
    rest = iter(paths)
    waiting: deque[Future[list[tuple[Path, Rgb | Unreadable]]]] = deque()

    def read(some: list[Path]) -> list[tuple[Path, Rgb | Unreadable]]:
        return [(path, read_prepared(path, pipeline)) for path in some if not cancel.stopped]

    with ThreadPoolExecutor(threads, thread_name_prefix="read") as pool:
        while not cancel.check():
            while len(waiting) < 3 * threads and (some := list(islice(rest, chunk))):
                waiting.append(pool.submit(read, some))
            if not waiting:
                return
            yield from waiting.popleft().result()
        for future in waiting:
            future.cancel()


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
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if marker == _SCAN:
            return size
        if _APP0 < marker <= 0xEF:
            return None
        if marker in (_BASELINE, _EXTENDED, _PROGRESSIVE):
            depth, height, width, components = data[place + 4], place + 5, place + 7, data[place + 9]
            if depth != 8 or components != 3:
                return None
            size = (
                int.from_bytes(data[height : height + 2], "big"),
                int.from_bytes(data[width : width + 2], "big"),
            )
        place += 2 + length
    return None
