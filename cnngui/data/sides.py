"""How large the pictures of a folder are, from a few of them."""

import warnings
from statistics import median

from PIL import Image

from cnngui.data.index import DatasetIndex

_LOOKED_AT = 32


def typical_side(index: DatasetIndex) -> int | None:
    """The median of the shorter sides, in pixels, of a few pictures spread over the index; None where none
    of them can be opened. Only the beginning of each file is read."""
    step = max(1, len(index.records) // _LOOKED_AT)
    sides = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd files are spoken of when they are decoded
        for record in index.records[::step]:
            try:
                with Image.open(index.file(record)) as picture:
                    sides.append(min(picture.size))
            except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
                continue
    return round(median(sides)) if sides else None
