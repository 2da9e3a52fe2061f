"""From a file to the prepared picture: the one place where both the cache and the classifier read.

`data.decode` is the reference. Small plain JPEG files go through torchvision's decoder instead, which
gives the same pixels (a test compares them) in a fifth of the time; whatever is odd about a file sends
it back to the reference, which knows how to say what is wrong.

PyTorch is loaded by the first small file only: photographs can be read while it is being loaded elsewhere.
"""

import os
import stat
import struct
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import cache, partial
from importlib.util import find_spec
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

from cnngui.cancel import Cancel
from cnngui.data.decode import Rgb, decode, decode_bytes, reduced_side
from cnngui.data.index import Unreadable
from cnngui.engine import apart
from cnngui.engine.fitting import fitted, fitted_picture
from cnngui.engine.memory import keep_large_blocks
from cnngui.engine.spec import ImageSpec

_Thing = TypeVar("_Thing")
_Result = TypeVar("_Result")

_RGB = 3  # the operator's number for "three channels"

# Larger files are photographs, which the reference decodes at reduced scale: faster still.
_SMALL_FILE = 64 * 1024

# Prepared pictures that wait for the network: of so many bytes together, but not more than so many.
_WAITING_BYTES, _MOST_WAITING = 128 * 2**20, 2048

_START, _END = b"\xff\xd8", b"\xff\xd9"
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_APP0, _SCAN = 0xE0, 0xDA
_FRAME = struct.Struct(">HBHHB")  # length, bits, height, width, components


@cache
def _jpeg_operator() -> Any:
    """torchvision's decoder, or None where there is none; then the reference decodes.

    Its Python functions are deprecated since 0.29 and warn at every call; the operator below them does
    not. The library that holds it is loaded by itself, because importing torchvision brings its networks
    and PyTorch's compiler along: over a second for nothing.
    """
    import torch

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


def read_prepared(path: Path | str, spec: ImageSpec) -> Rgb | Unreadable:
    """uint8 (resize, resize, 3), or why the file cannot be used. Safe to call from several threads."""
    at_least = spec.resize
    fit = partial(fitted_picture, spec=spec)  # at once: Pillow's pictures and arrays are copied to each other
    data = _small_file(path)
    if data is None:
        return decode(path, at_least, fit)
    plain = _decode_plain(data, at_least)
    return decode_bytes(data, os.fspath(path), at_least, fit) if plain is None else fitted(plain, spec)


@contextmanager
def reading(
    paths: Iterable[Path], spec: ImageSpec, cancel: Cancel
) -> Iterator[Iterator[tuple[Path, Rgb | Unreadable]]]:
    """Each path with its prepared picture, in the order given, as `in_order` has it. Where photographs come
    first, and it can be done, other processes read."""
    keep_large_blocks()
    ahead = min(_MOST_WAITING, _WAITING_BYTES // (3 * spec.resize**2))
    rest = iter(paths)
    first = list(islice(rest, 1))
    every = chain(first, rest)
    if apart.possible() and first and _small_file(first[0]) is None:
        with closing(apart.Readers(spec, ahead)) as readers:
            yield _results(readers.submit, every, cancel, ahead)
    else:
        with in_order(lambda path: (path, read_prepared(path, spec)), every, cancel, ahead=ahead) as pictures:
            yield pictures


@contextmanager
def in_order(
    work: Callable[[_Thing], _Result],
    things: Iterable[_Thing],
    cancel: Cancel,
    *,
    threads: int | None = None,
    ahead: int = 0,
) -> Iterator[Iterator[_Result]]:
    """`work` of each thing, in the order given, done by so many threads, one per core if not said.

    The work begins at once, not with the first result that is asked for; the results end early once
    cancelled. `things` is taken from lazily: at most `ahead`, or a few per thread if that is more, are worked
    on or wait to be fetched at a time.
    """
    threads = threads or os.cpu_count() or 1
    pool = ThreadPoolExecutor(threads, thread_name_prefix="read")
    try:
        yield _results(lambda thing: pool.submit(work, thing).result, things, cancel, max(ahead, 3 * threads))
    finally:
        pool.shutdown(cancel_futures=True)


def _results(
    submit: Callable[[_Thing], Callable[[], _Result]], things: Iterable[_Thing], cancel: Cancel, most: int
) -> Iterator[_Result]:
    """Has `most` things worked on, and their results fetched in the order given until cancelled."""
    rest = iter(things)
    waiting: deque[Callable[[], _Result]] = deque()

    def fill() -> None:
        waiting.extend(submit(thing) for thing in islice(rest, most - len(waiting)))

    def results() -> Iterator[_Result]:
        while not cancel.check() and waiting:
            yield waiting.popleft()()
            fill()

    fill()
    return results()


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
    size = plain_jpeg_size(data)
    # From there on the reference decodes at reduced scale, which torchvision cannot.
    if size is None or min(size) >= 2 * reduced_side(at_least):
        return None
    decode_jpeg = _jpeg_operator()
    if decode_jpeg is None:
        return None
    import torch

    try:
        encoded = torch.frombuffer(bytearray(data), dtype=torch.uint8)
        image: Rgb = decode_jpeg(encoded, _RGB, False).permute(1, 2, 0).contiguous().numpy()
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
