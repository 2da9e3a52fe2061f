"""A picture file as uint8 RGB, or the reason why not. Never raises for a bad file; safe in any thread."""

import errno
import importlib
import io
import logging
import os
import stat
import warnings
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import IO, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile

from cnngui.data import jpeg, pixels
from cnngui.data.formats import (
    FORMATS,
    NO_SIGNATURE,
    SNIFFED,
    SUFFIXES,
    installed,
    needs,
    picture_kind,
    what_else,
)
from cnngui.data.reasons import said
from cnngui.data.records import Unreadable

__all__ = ["MAX_PIXELS", "SUFFIXES", "Rgb", "decode", "decode_bytes"]

Rgb = npt.NDArray[np.uint8]
"""(H, W, 3), C-contiguous, red first, 0 to 255."""

MAX_PIXELS: Final = 250_000_000
"""Pictures of more pixels are refused before a byte of them is unpacked. The largest telephone cameras make
200 million; 250 million take about 2.5 GB while they are decoded."""

_ORIENTATION: Final = 0x0112  # the EXIF tag; its values are those of Exif 2.32, table 6
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Where a plugin's module is not simply called after its format.
_PLUGINS: Final = {"WEBP": "WebP", "DIB": "Bmp", "JPEG2000": "Jpeg2K"}

_PILLOW: Final = r"PIL\."  # the modules whose warnings stay unsaid

# What a failing disk or network says; a seek to nowhere, which a damaged file asks for, says others.
_DISK: Final = frozenset({errno.EIO, errno.ENXIO, errno.ETIMEDOUT})

CUT_SHORT: Final = "The file is cut short: a part of the picture is missing."
NO_MEMORY: Final = "There is not enough memory to open the picture."
DAMAGED: Final = "The file is damaged or cut short."

# Pillow's plugins log at error level about odd tags; what matters of it is in the returned reason.
logging.getLogger("PIL").setLevel(logging.CRITICAL)


def decode(
    path: Path | str,
    at_least: int | None = None,
    made_of: Callable[[Image.Image], Rgb] = pixels.as_array,
) -> Rgb | Unreadable:
    """The picture in `path`, turned as its EXIF says, transparency laid on white.

    `at_least`: a JPEG larger than needed may come at 1/2, 1/4 or 1/8 of its size, as long as its shorter
    side stays at `reduced_side(at_least)` or more. The content decides the format, not the suffix. Of an
    animated file the first frame is taken. `made_of`: what is made of the picture, in mode RGB; its pixels as
    they are if not said. Never raises for a bad file: that is an `Unreadable` with its reason.
    """
    name = os.fspath(path)
    return _made(_opened(name, at_least), name, made_of)


def _opened(name: str, at_least: int | None) -> Image.Image | Unreadable:
    try:
        status = os.stat(name)  # noqa: PTH116 - `name` may be a str with surrogates; no Path is needed
        if stat.S_ISDIR(status.st_mode):
            return Unreadable(name, "This is a folder, not a picture.")
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for ever
            return Unreadable(name, "This is not an ordinary file.")
        with open(name, "rb") as stream:  # noqa: PTH123
            return _decoded(stream, name, at_least)
    except FileNotFoundError:
        return Unreadable(name, "The file is not there (any more).")
    except PermissionError:
        return Unreadable(name, "The file may not be read: permission denied.")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        return Unreadable(name, f"The file cannot be opened: {said(error)}.")


def reduced_side(at_least: int) -> int:
    """How long the shorter side of a JPEG decoded at reduced size has to stay, in pixels.

    Half as long again as what it will be scaled to: the last scaling then still averages over all pixels.
    """
    return at_least + (at_least + 1) // 2


def decode_bytes(
    data: bytes,
    name: str,
    at_least: int | None = None,
    made_of: Callable[[Image.Image], Rgb] = pixels.as_array,
) -> Rgb | Unreadable:
    """As `decode`, of a file's content that is in memory already. `name` is only said in `Unreadable`, and
    its suffix believed for formats without a signature."""
    return _made(_decoded(io.BytesIO(data), name, at_least), name, made_of)


def _made(
    picture: Image.Image | Unreadable, name: str, made_of: Callable[[Image.Image], Rgb]
) -> Rgb | Unreadable:
    try:
        return picture if isinstance(picture, Unreadable) else made_of(picture)
    except MemoryError:
        return Unreadable(name, NO_MEMORY)


def _decoded(stream: IO[bytes], name: str, at_least: int | None) -> Image.Image | Unreadable:
    _hush()
    try:
        start = stream.read(SNIFFED)
        if not start:
            return Unreadable(name, "The file is empty.")
        picture = open_header(stream, start, PurePath(name).suffix.lower())
        if picture is None:
            return Unreadable(name, _why_not_opened(start))
        with picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                return Unreadable(
                    name,
                    f"The picture is {width:,} × {height:,} pixels, more than the "
                    f"{MAX_PIXELS // 1_000_000} million that are opened: make it smaller first.",
                )
            if not _load(picture, stream, at_least):
                return Unreadable(name, CUT_SHORT)
            return pixels.to_rgb(_turned(picture))
    except MemoryError:
        return Unreadable(name, NO_MEMORY)
    except Image.DecompressionBombError:
        return Unreadable(name, "The picture has too many pixels to be opened: make it smaller first.")
    except Exception as error:  # noqa: BLE001 - Pillow's plugins raise nearly anything on damaged files
        return Unreadable(name, _reason(error))


def open_header(stream: IO[bytes], start: bytes, suffix: str) -> ImageFile.ImageFile | None:
    """The picture with its header read, none of its pixels; None where no format accepts the content.

    `start`: the first bytes of `stream`; `suffix`: lower-case, with its dot. Raises what Pillow raises for
    damaged content of that suffix.

    Pillow's own `Image.open` is not used: its limit on pixels is a global that every thread shares, and it
    would try formats that run other programs.
    """
    for name, suffixes in FORMATS.items():
        if name in NO_SIGNATURE and suffix not in suffixes:
            continue
        if name not in Image.OPEN and not _plugged_in(name, start):
            continue
        factory, accept = Image.OPEN[name]
        try:
            accepted = accept is None or accept(start[:16])
            if not accepted or isinstance(accepted, str):  # a text: Pillow was built without the library
                continue
            stream.seek(0)
            picture = factory(stream, "")
        except (MemoryError, Image.DecompressionBombError):
            raise
        except Exception:  # what plugins raise where the content is not theirs after all
            if suffix in suffixes:
                raise
            continue
        return picture
    return None


def _why_not_opened(start: bytes) -> str:
    kind = picture_kind(start)
    if kind is None:
        return what_else(start)
    return DAMAGED if installed(kind) else needs(kind)


def _plugged_in(name: str, start: bytes) -> bool:
    """Load the plugin of a format where it may be needed; False where its library is not installed."""
    if name == "HEIF":
        if picture_kind(start) != "HEIF" or not installed("HEIF"):
            return False
        importlib.import_module("pillow_heif").register_heif_opener()
    else:
        importlib.import_module(f"PIL.{_PLUGINS.get(name, name.title())}ImagePlugin")
    return name in Image.OPEN


def _load(picture: ImageFile.ImageFile, stream: IO[bytes], at_least: int | None) -> bool:
    """Unpack the pixels; False where they end too early. A decoder that notices raises OSError itself."""
    if picture.format in ("JPEG", "MPO"):
        draft = (reduced_side(at_least),) * 2 if at_least else None
        if draft:
            picture.draft(None, draft)
        picture.load()
        return not jpeg.ends_in_grey(picture) or jpeg.is_whole(stream, picture, draft)
    picture.load()
    return True


def _turned(picture: Image.Image) -> Image.Image:
    if picture.format == "TIFF":  # Pillow has turned it while loading
        return picture
    try:
        orientation = picture.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - a damaged note on the camera does not spoil the picture
        return picture
    turn = _TURNS.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def _hush() -> None:
    """Keep Pillow's warnings (odd tags, metadata that does not fit) from whoever runs the program.

    Called with every picture, for a test runner puts its own filters in front; `catch_warnings` would not
    do, it is not safe in several threads.
    """
    first = warnings.filters[0] if warnings.filters else None
    if first is None or getattr(first[3], "pattern", None) != _PILLOW:
        warnings.filterwarnings("ignore", module=_PILLOW)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in _DISK:
        return f"The file cannot be read: {said(error)}."
    if any(
        word in str(error).lower()
        for word in ("truncated", "not enough", "unexpected end", "too short", "eof")
    ):
        return CUT_SHORT
    return DAMAGED
