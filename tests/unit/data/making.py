"""Real picture files and indexes for the tests of this folder."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, features

from cnngui.cancel import Cancel
from cnngui.data.decode import Rgb, decode_bytes
from cnngui.data.index import DatasetIndex, Unreadable, scan


def make(root: Path, *names: str) -> None:
    """Small pictures, each of its own colour; a name that ends in "/" makes an empty folder."""
    for number, name in enumerate(names):
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (4, 3), (number % 256, 40, 90)).save(path, "PNG")


def index_of(root: Path) -> DatasetIndex:
    *_, index = scan(root, Cancel())
    assert isinstance(index, DatasetIndex)
    return index


def meant(index: DatasetIndex) -> dict[str, tuple[str, str | None]]:
    """path → (split, class name)"""
    return {
        record.path: (record.split.value, None if record.label < 0 else index.classes[record.label])
        for record in index.records
    }


def photo(width: int = 96, height: int = 64) -> Image.Image:
    """A picture that no two corners of look alike: red grows to the right, green downwards."""
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack([x * 255 // max(width - 1, 1), y * 255 // max(height - 1, 1), (x + y) % 64], 2)
    return Image.fromarray(rgb.astype(np.uint8))


def written(picture: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


NEEDS = {"WEBP": "webp", "AVIF": "avif", "JPEG2000": "jpg_2000"}


def of_kind(kind: str, options: dict[str, Any], picture: Image.Image | None = None) -> tuple[bytes, str]:
    """A file of the kind, and a name that a format without signature is believed by."""
    if kind in NEEDS and not features.check(NEEDS[kind]):
        pytest.skip(f"this Pillow comes without {kind}")
    return written(picture or photo(), kind, **options), f"x.{kind.lower()}"


def rgb(data: bytes, name: str = "x.jpg", at_least: int | None = None) -> Rgb:
    decoded = decode_bytes(data, name, at_least)
    assert not isinstance(decoded, Unreadable), decoded.reason
    assert decoded.dtype == np.uint8
    assert decoded.ndim == 3
    assert decoded.shape[2] == 3
    assert decoded.flags.c_contiguous
    assert decoded.flags.writeable
    return decoded


def reason(data: bytes, name: str = "x.jpg") -> str:
    decoded = decode_bytes(data, name)
    assert isinstance(decoded, Unreadable)
    assert decoded.path == name
    return decoded.reason
