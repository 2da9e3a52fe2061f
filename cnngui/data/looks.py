"""How a picture looks, in 1,536 bytes: enough to find it again re-encoded, resized or slightly cropped.

A look is a small square picture, whatever the shape of the file's: 32 × 32 values of brightness and 2 ×
16 × 16 of colour. From many looks at once come their cosine coefficients, also those of a window of the
picture, without resampling it: the coefficient of a window is a weighted sum of the look's pixels.
"""

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnngui.data.decode import Rgb

SIDE: Final = 32
CHROMA_SIDE: Final = 16
LOOK_BYTES: Final = SIDE * SIDE + 2 * CHROMA_SIDE * CHROMA_SIDE
FREQUENCIES: Final = 8
"""Cosine waves per direction, the constant one included."""

Looks = npt.NDArray[np.uint8]
"""(N, LOOK_BYTES): brightness row by row, then Cb, then Cr, all as JPEG defines them (ITU-T T.871)."""
Floats = npt.NDArray[np.float32]


def look_of(rgb: Rgb) -> bytes:
    """The look of a picture, (H, W, 3) uint8."""
    picture = Image.fromarray(rgb)
    if picture.size != (SIDE, SIDE):
        picture = picture.resize((SIDE, SIDE), Image.Resampling.BOX)
    small = picture.convert("YCbCr")
    y, cb, cr = small.split()
    shape = (CHROMA_SIDE, CHROMA_SIDE)
    box = Image.Resampling.BOX
    return y.tobytes() + cb.resize(shape, box).tobytes() + cr.resize(shape, box).tobytes()


def brightness_of(looks: Looks) -> Floats:
    """(N, SIDE, SIDE) float32, 0 to 255."""
    return looks[:, : SIDE * SIDE].reshape(-1, SIDE, SIDE).astype(np.float32)


def chroma_of(looks: Looks) -> Floats:
    """(N, 2, CHROMA_SIDE, CHROMA_SIDE) float32: Cb and Cr, 0 to 255, grey at 128."""
    return looks[:, SIDE * SIDE :].reshape(-1, 2, CHROMA_SIDE, CHROMA_SIDE).astype(np.float32)


WHOLE: Final = (0.0, 1.0, 0.0, 1.0)


def cosines(brightness: Floats, window: tuple[float, float, float, float] = WHOLE) -> Floats:
    """(N, 8, 8) coefficients of a window of the pictures: its left, right, top and bottom edge, 0 to 1.

    The type II discrete cosine transform, with its waves integrated over each pixel's share in the window.
    """
    left, right, top, bottom = window
    coefficients: Floats = np.matmul(np.matmul(_waves(top, bottom), brightness), _waves(left, right).T)
    return coefficients


@lru_cache(maxsize=32)
def _waves(low: float, high: float) -> Floats:
    """(8, SIDE): how much each pixel of a row counts for each wave from `low` to `high`."""
    edges = np.clip((np.arange(SIDE + 1) / SIDE - low) / (high - low), 0, 1)
    waves = np.empty((FREQUENCIES, SIDE))
    waves[0] = np.diff(edges)
    for k in range(1, FREQUENCIES):
        waves[k] = np.diff(np.sin(k * np.pi * edges)) / (k * np.pi) * np.sqrt(2)
    return waves.astype(np.float32)


def hashes(coefficients: Floats) -> npt.NDArray[np.uint64]:
    """(N,) 64-bit perceptual hashes: the signs of the 63 coefficients after the constant one; bit 0 is
    unused."""
    signs = coefficients.reshape(-1, FREQUENCIES * FREQUENCIES) > 0
    signs[:, 0] = False
    packed = np.packbits(signs, axis=1, bitorder="little")
    return np.ascontiguousarray(packed).view("<u8").reshape(-1).astype(np.uint64)


def bits_apart(one: npt.NDArray[np.uint64], other: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """In how many of their bits hashes differ (Hamming distance), elementwise."""
    apart = one ^ other
    if hasattr(np, "bitwise_count"):  # NumPy 2
        counted: npt.NDArray[np.uint8] = np.bitwise_count(apart)
        return counted
    ones = np.array([bin(byte).count("1") for byte in range(256)], np.uint8)
    summed: npt.NDArray[np.uint8] = ones[apart.view(np.uint8).reshape(*apart.shape, 8)].sum(-1, np.uint8)
    return summed
