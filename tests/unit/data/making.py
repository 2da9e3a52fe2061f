"""Real picture files and indexes for the tests of this folder."""

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from cnngui.cancel import Cancel
from cnngui.data.index import DatasetIndex, scan


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
