"""Whether one picture is a copy of another, re-encoded, resized or a little cropped: the careful
comparison.

For each pair the window of the first picture is found that the second one shows best (Gauss-Newton on the
looks, four unknowns: the window's edges). What then differs says whether the two are one picture.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cnngui.data.looks import CHROMA_SIDE, SIDE, Floats, Looks, brightness_of, chroma_of

GRID: Final = 24
"""Windows are compared at this many points per direction: a window of 24/32 of the side has no more."""
MOST_CUT: Final = 0.14
"""A window leaves out at most this part of the side on any side."""
_STEPS: Final = 6
_NUDGE: Final = 0.004  # of the side, for the numerical derivative: an eighth of a pixel
_LONGEST_STEP: Final = 0.05


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well each of N pairs agrees once aligned; all fields are float32 (N, ...).

    `window`: left, right, top, bottom edge in the first picture, 0 to 1. `difference`: root mean square
    of the brightness's differences, in levels of 255. `match`: correlation of brightness. `detail`:
    correlation of brightness less its surroundings' mean. `colour`: root mean square of Cb's and Cr's
    differences, in levels.
    """

    window: Floats
    difference: Floats
    match: Floats
    detail: Floats
    colour: Floats


def align(first: Looks, second: Looks, start: Floats) -> Agreement:
    """Align pairs of looks, (N, LOOK_BYTES) each, from the windows `start` (N, 4)."""
    whole, shown = brightness_of(first), brightness_of(second)
    everything = np.tile(np.array([0, 1, 0, 1], np.float32), (len(start), 1))
    target = _window(shown, everything, GRID)
    best = start.astype(np.float32).copy()
    error = _error(_window(whole, best, GRID), target)
    place = best.copy()
    for _ in range(_STEPS):
        here = _window(whole, place, GRID)
        rest = (here - target).reshape(len(place), -1)
        slopes = np.stack([_slope(whole, place, here, edge) for edge in range(4)], axis=2)
        square = np.matmul(slopes.transpose(0, 2, 1), slopes)
        square += np.eye(4, dtype=np.float32) * (1 + 0.01 * np.trace(square, axis1=1, axis2=2)[:, None, None])
        step = np.linalg.solve(square, np.matmul(slopes.transpose(0, 2, 1), rest[:, :, None]))[:, :, 0]
        place = place - np.clip(step, -_LONGEST_STEP, _LONGEST_STEP)
        place[:, ::2] = np.clip(place[:, ::2], 0, MOST_CUT)
        place[:, 1::2] = np.clip(place[:, 1::2], 1 - MOST_CUT, 1)
        now = _error(_window(whole, place, GRID), target)
        better = now < error
        best[better], error[better] = place[better], now[better]
    here = _window(whole, best, GRID)
    return Agreement(
        window=best,
        difference=error,
        match=_correlation(here, target),
        detail=_correlation(_detail(here), _detail(target)),
        colour=_colour_difference(chroma_of(first), chroma_of(second), best),
    )


def _slope(whole: Floats, place: Floats, here: Floats, edge: int) -> Floats:
    moved = place.copy()
    moved[:, edge] += _NUDGE if edge % 2 == 0 else -_NUDGE
    sign = 1 if edge % 2 == 0 else -1
    slope: Floats = (_window(whole, moved, GRID) - here) / np.float32(sign * _NUDGE)
    return slope.reshape(len(place), -1)


def _window(pictures: Floats, edges: Floats, points: int) -> Floats:
    """(N, points, points): the means over the cells that divide each picture's window."""
    across = _cells(edges[:, 0], edges[:, 1], points, pictures.shape[-1])
    down = _cells(edges[:, 2], edges[:, 3], points, pictures.shape[-1])
    means: Floats = np.matmul(np.matmul(down, pictures), across.transpose(0, 2, 1))
    return means


def _cells(low: Floats, high: Floats, points: int, side: int) -> Floats:
    """(N, points, side): how much each of `side` pixels counts for each cell between `low` and `high`."""
    parts = np.arange(points + 1, dtype=np.float32) / points
    edges = (low[:, None] + (high - low)[:, None] * parts) * side
    before = np.clip(edges[:, :, None] - np.arange(side, dtype=np.float32), 0, 1)
    return np.asarray(np.diff(before, axis=1) * (points / ((high - low) * side))[:, None, None], np.float32)


def _error(here: Floats, target: Floats) -> Floats:
    return np.asarray(np.sqrt(np.mean(np.square(here - target), axis=(1, 2))), np.float32)


def _detail(pictures: Floats) -> Floats:
    """Each point less the mean of its 3 × 3 neighbourhood, (N, GRID - 2, GRID - 2)."""
    rows = pictures[:, :-2] + pictures[:, 1:-1] + pictures[:, 2:]
    around = (rows[:, :, :-2] + rows[:, :, 1:-1] + rows[:, :, 2:]) / 9
    detail: Floats = pictures[:, 1:-1, 1:-1] - around
    return detail


def _correlation(one: Floats, other: Floats) -> Floats:
    one = one - one.mean(axis=(1, 2), keepdims=True)
    other = other - other.mean(axis=(1, 2), keepdims=True)
    scale = np.sqrt(np.sum(one * one, axis=(1, 2)) * np.sum(other * other, axis=(1, 2)))
    return np.asarray(np.sum(one * other, axis=(1, 2)) / np.maximum(scale, 1e-6), np.float32)


def _colour_difference(first: Floats, second: Floats, window: Floats) -> Floats:
    points = CHROMA_SIDE * 3 // 4
    everything = np.tile(np.array([0, 1, 0, 1], np.float32), (len(window), 1))
    differences = [
        _window(first[:, part], window, points) - _window(second[:, part], everything, points)
        for part in range(2)
    ]
    return np.asarray(np.sqrt(np.mean(np.square(np.stack(differences, axis=1)), axis=(1, 2, 3))), np.float32)


def rim_contrast(looks: Looks) -> Floats:
    """(N,) how much a picture shows near its border: the standard deviation of brightness, in levels,
    over the outer eighth of the picture. Near 0 where the picture is an object on plain ground: a crop of
    such a picture cannot be told from the same kind of object, larger or moved."""
    brightness = brightness_of(looks)
    rim = np.ones((SIDE, SIDE), bool)
    rim[SIDE // 8 : -SIDE // 8, SIDE // 8 : -SIDE // 8] = False
    return np.asarray(brightness[:, rim].std(axis=1), np.float32)
