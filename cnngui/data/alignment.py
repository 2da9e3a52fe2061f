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
_AT_LEAST: Final = {0: 0.4, 2: 0.75}
"""After so many steps, pairs of less correlation are given up; copies reach 0.6 and 0.85, others rarely."""


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
    """Align pairs of looks, (N, LOOK_BYTES) each, from the windows `start` (N, 4). Pairs that agree badly at
    first sight are given up early, their agreement as it was then."""
    whole, shown = brightness_of(first), brightness_of(second)
    target = _means(shown, *_across_and_down(_everything(len(start)), SIDE, GRID))
    best = start.astype(np.float32).copy()
    error = np.full(len(start), np.inf, np.float32)
    rows = np.arange(len(start))
    place = best.copy()
    for step in range(_STEPS + 1):
        across, down = _across_and_down(place, SIDE, GRID)
        here = _means(whole[rows], across, down)
        now = _error(here, target[rows])
        better = now < error[rows]
        best[rows[better]], error[rows[better]] = place[better], now[better]
        if step in _AT_LEAST:
            going_on = _correlation(here, target[rows]) >= _AT_LEAST[step]
            rows, place, here = rows[going_on], place[going_on], here[going_on]
            across, down = across[going_on], down[going_on]
        if step < _STEPS and len(rows):
            place = _moved(whole[rows], target[rows], place, here, across, down)
    here = _means(whole, *_across_and_down(best, SIDE, GRID))
    return Agreement(
        window=best,
        difference=error,
        match=_correlation(here, target),
        detail=_correlation(_detail(here), _detail(target)),
        colour=_colour_difference(chroma_of(first), chroma_of(second), best),
    )


def _moved(
    whole: Floats, target: Floats, place: Floats, here: Floats, across: Floats, down: Floats
) -> Floats:
    """The windows after one Gauss-Newton step, damped where the pictures say little of an edge."""
    nudged_in = place + np.array([_NUDGE, -_NUDGE, _NUDGE, -_NUDGE], np.float32)
    slopes = np.empty((len(place), GRID * GRID, 4), np.float32)
    for edge in range(4):
        moved = place.copy()
        moved[:, edge] = nudged_in[:, edge]
        if edge < 2:
            means = _means(whole, _cells(moved[:, 0], moved[:, 1], GRID, SIDE), down)
        else:
            means = _means(whole, across, _cells(moved[:, 2], moved[:, 3], GRID, SIDE))
        sign = 1 if edge % 2 == 0 else -1
        slopes[:, :, edge] = (means - here).reshape(len(place), -1) * np.float32(sign / _NUDGE)
    turned = slopes.transpose(0, 2, 1)
    square = np.matmul(turned, slopes)
    square += np.eye(4, dtype=np.float32) * (1 + 0.01 * np.trace(square, axis1=1, axis2=2)[:, None, None])
    rest = (here - target).reshape(len(place), -1, 1)
    step = np.linalg.solve(square, np.matmul(turned, rest))[:, :, 0]
    place = place - np.clip(step, -_LONGEST_STEP, _LONGEST_STEP)
    place[:, ::2] = np.clip(place[:, ::2], 0, MOST_CUT)
    place[:, 1::2] = np.clip(place[:, 1::2], 1 - MOST_CUT, 1)
    return place


def _everything(count: int) -> Floats:
    return np.tile(np.array([0, 1, 0, 1], np.float32), (count, 1))


def _across_and_down(windows: Floats, side: int, points: int) -> tuple[Floats, Floats]:
    """For each window (N, 4) how much the pixels count for its columns and for its rows of cells."""
    return (
        _cells(windows[:, 0], windows[:, 1], points, side),
        _cells(windows[:, 2], windows[:, 3], points, side),
    )


def _means(pictures: Floats, across: Floats, down: Floats) -> Floats:
    """(N, points, points): the means over the cells that divide each picture's window."""
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
    here = _across_and_down(window, CHROMA_SIDE, points)
    all_of_it = _across_and_down(_everything(len(window)), CHROMA_SIDE, points)
    squares = [
        np.square(_means(first[:, part], *here) - _means(second[:, part], *all_of_it)) for part in range(2)
    ]
    return np.asarray(np.sqrt(np.mean(np.stack(squares, axis=1), axis=(1, 2, 3))), np.float32)


def rim_contrast(looks: Looks) -> Floats:
    """(N,) how much a picture shows near its border: the standard deviation of brightness, in levels,
    over the outer eighth of the picture. Near 0 where the picture is an object on plain ground: a crop of
    such a picture cannot be told from the same kind of object, larger or moved."""
    brightness = brightness_of(looks)
    rim = np.ones((SIDE, SIDE), bool)
    rim[SIDE // 8 : -SIDE // 8, SIDE // 8 : -SIDE // 8] = False
    return np.asarray(brightness[:, rim].std(axis=1), np.float32)
