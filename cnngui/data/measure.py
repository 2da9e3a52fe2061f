"""What is measured of one picture's pixels: plain numbers, each of one meaning."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnngui.data.decode import Rgb

_SHARP_FROM: Final = 96
"""Pixels of the shorter side: smaller pictures have no fine detail to lose."""
_SHORTEST: Final = 16
"""Pixels of the shorter side, scaled: of a longer picture than 256:16 too little would be left to judge."""
_LONGEST: Final = 256
"""Sharpness is judged at this length of the longer side: what a network sees is rarely finer."""

_LEAST_RANGE: Final = 8.0
"""Levels: of a picture of less range, noise would pass for edges."""


@dataclass(frozen=True, slots=True)
class Measures:
    """`brightness` is the mean and `contrast` the standard deviation of luma, `dark` and `light` its 1st
    and 99th percentile, all 0 to 1. `colour_contrast`: the largest standard deviation of a colour
    channel, 0 to 1.

    `sharpness`: how steep the sharpest edges are, see `sharpness_of`. `colour`: mean red,
    green, blue, 0 to 1. `frame`: the one colour of the picture's border, red, green, blue, 0 to 255, or
    None where the border is not of one colour.
    """

    brightness: float
    contrast: float
    dark: float
    light: float
    colour_contrast: float
    sharpness: float | None
    colour: tuple[float, float, float]
    frame: tuple[int, int, int] | None


def measure(rgb: Rgb) -> Measures:
    """Measure a picture, (H, W, 3) uint8."""
    picture = Image.fromarray(rgb)
    grey = picture.convert("L")
    counts = np.array(grey.histogram())
    values = np.arange(256) / 255
    share = counts / counts.sum()
    mean = float(share @ values)
    upto = np.cumsum(share)
    channels = np.array(picture.histogram()).reshape(3, 256) / counts.sum()
    means = channels @ values
    spread = np.sqrt(np.maximum(channels @ values**2 - means**2, 0))
    return Measures(
        brightness=mean,
        contrast=float(np.sqrt(max(0.0, share @ values**2 - mean**2))),
        dark=int(np.searchsorted(upto, 0.01)) / 255,
        light=int(np.searchsorted(upto, 0.99)) / 255,
        colour_contrast=float(spread.max()),
        sharpness=sharpness_of(grey),
        colour=(float(means[0]), float(means[1]), float(means[2])),
        frame=frame_of(rgb),
    )


def sharpness_of(grey: Image.Image) -> float | None:
    """How steep the sharpest edges are: the 99.7th percentile of the Laplacian's absolute values over the
    range from the 1st to the 99th percentile of luma, at a longer side of at most 256 pixels.

    Sharp photographs reach 0.4 to 2; blurred by a hundredth of the longer side (standard deviation of a
    Gaussian), the same ones have 0.03 to 0.12. Not the Laplacian's energy: of a smooth picture with one
    sharp edge in it, that is as low as of a blurred one. 0 for a picture of one colour; None for small and
    for very long ones.
    """
    if min(grey.size) < _SHARP_FROM:
        return None
    longer = max(grey.size)
    if longer > _LONGEST:
        size = (max(1, grey.width * _LONGEST // longer), max(1, grey.height * _LONGEST // longer))
        grey = grey.resize(size, Image.Resampling.BOX)
    if min(grey.size) < _SHORTEST:
        return None
    values = np.asarray(grey, np.int16)
    low, high = _at(values, 0.01), _at(values, 0.99)
    middle = values[1:-1, 1:-1]
    around = values[:-2, 1:-1] + values[2:, 1:-1] + values[1:-1, :-2] + values[1:-1, 2:]
    return _at(np.abs(around - 4 * middle), 0.997) / max(high - low, _LEAST_RANGE)


def _at(values: npt.NDArray[np.int16], share: float) -> float:
    """The value that this share of `values` does not exceed. By partition: three times as fast as sorting."""
    place = int(share * (values.size - 1))
    return float(np.partition(values, place, axis=None)[place])


def frame_of(rgb: Rgb) -> tuple[int, int, int] | None:
    """The colour of a border that is of one colour on two opposite sides at least (bars, a painted frame)."""
    lines = (rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1])
    for one, other in (lines[:2], lines[2:]):
        line = np.concatenate([one, other])
        if int(np.ptp(line, axis=0).max()) > _SURELY_NOT:  # nearly always, and three times as fast
            continue
        if float(line.astype(np.float32).std(axis=0).max()) <= _ONE_COLOUR:
            mean = np.rint(line.mean(axis=0)).astype(int)
            return int(mean[0]), int(mean[1]), int(mean[2])
    return None


_ONE_COLOUR: Final = 3.0
"""Levels, standard deviation: what JPEG leaves of a border of one colour."""
_SURELY_NOT: Final = 60
"""Levels, from the least to the greatest."""
