"""Small real picture folders: squares of colours that any network can tell apart."""

import os
from pathlib import Path

import numpy as np
from PIL import Image

from cnngui.cancel import Cancel
from cnngui.data.index import DatasetIndex, scan

COLOURS = {"blue": (40, 60, 200), "green": (50, 180, 70), "red": (210, 50, 40)}


def make_pictures(root: Path, per_class: int = 20, seed: int = 0) -> Path:
    """Three classes of `per_class` noisy 40 × 30 pictures each, as PNG, in class folders under `root`."""
    random = np.random.default_rng(seed)
    for name, colour in COLOURS.items():
        folder = root / name
        folder.mkdir(parents=True)
        for number in range(per_class):
            noise = random.normal(0, 40, (30, 40, 3))
            pixels = np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / f"{number:02}.png")
    return root


def scanned(root: Path) -> DatasetIndex:
    *_, index = scan(root, Cancel())
    assert isinstance(index, DatasetIndex)
    return index


def touch_later(path: Path) -> None:
    """Give a file another time, as an edit would."""
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))
