"""Pictures that are copies of one another, found among very many without comparing every pair.

1. Each picture is filed under three keys of 18 bits: the signs of its lowest cosine coefficients.
2. It is looked up under the keys of itself and of twelve windows of itself (what a crop would have left),
   each with its four least certain signs both ways: multi-probe hashing (Lv et al., VLDB 2007).
3. What is met there and agrees in most of all 63 signs is aligned with it and compared carefully.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cnngui.cancel import Cancel
from cnngui.data.alignment import Agreement, align, rim_contrast
from cnngui.data.looks import (
    FREQUENCIES,
    Floats,
    Looks,
    bits_apart,
    brightness_of,
    chroma_of,
    cosines,
    hashes,
)

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

_BANDS: Final = 3
_BITS: Final = 18
_PROBED: Final = 4
_CHUNK: Final = 512  # pictures looked up at once: about 30 MB of work space
_ALIGNED: Final = 1024  # pairs aligned at once: about 20 MB
_CROWD: Final = 128  # of a key's pictures at most so many are met: a bound where all pictures look alike
_KEPT: Final = 8  # candidates per picture that are compared carefully
_MOST_APART: Final = 17  # of 63 signs; different photographs differ in 31 ± 4
_BLANK: Final = 2.0  # levels: the signs of a picture of less contrast are noise

# Aligned copies reach these (see tests/benchmarks/check_folder.py); different pictures miss at least one.
_COLOUR: Final = 6.0
_MEAN_COLOUR: Final = 16.0  # before alignment, in levels
_MATCH: Final = 0.88
_DETAIL: Final = 0.6
# On plain ground a crop looks like a larger object of the same kind: there only the whole counts.
_PLAIN: Final = 4.0  # levels
_MATCH_PLAIN: Final = 0.993
_DETAIL_PLAIN: Final = 0.97
_CUT_PLAIN: Final = 0.02  # of the side

Window = tuple[float, float, float, float]


def _windows() -> tuple[Window, ...]:
    """(left, right, top, bottom) edges: cut alike on all sides, on one side, on two that meet."""
    even = [(m, 1 - m, m, 1 - m) for m in (0.0, 0.025, 0.05, 0.075, 0.1)]
    c = 0.075
    sides = [(c, 1.0, 0.0, 1.0), (0.0, 1 - c, 0.0, 1.0), (0.0, 1.0, c, 1.0), (0.0, 1.0, 0.0, 1 - c)]
    corners = [(x0, x1, y0, y1) for x0, x1 in ((c, 1.0), (0.0, 1 - c)) for y0, y1 in ((c, 1.0), (0.0, 1 - c))]
    return (*even, *sides, *corners)


WINDOWS: Final = _windows()


@dataclass(frozen=True, slots=True)
class Comparing:
    """`done` of `total` pictures have been looked up."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class NearPairs:
    """`pairs` (P, 2) int64: rows of the looks that show the same picture, first < second, each pair once."""

    pairs: Ints


def near_pairs(looks: Looks, use: npt.NDArray[np.bool_], cancel: Cancel) -> Iterator[Comparing | NearPairs]:
    """Find all pairs among the `looks` (a memory map will do) for which `use` is true, yielding progress;
    the last item is the NearPairs (none once cancelled). Pictures of one colour have no pairs."""
    total = len(looks)
    files = _Files(looks, use)
    found: list[Ints] = []
    for start in range(0, total, _CHUNK):
        if cancel.check():
            return
        yield Comparing(start, total)
        rows = np.arange(start, min(start + _CHUNK, total))
        if not files.use[rows].any():
            continue
        for candidates in _in_parts(_candidates(looks, files, rows)):
            if cancel.check():
                return
            found.append(_same(looks, candidates))
    pairs = np.concatenate(found) if found else np.empty((0, 2), np.int64)
    pairs.sort(axis=1)
    yield Comparing(total, total)
    yield NearPairs(np.unique(pairs, axis=0))


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Row `first`, in its window of this number, looks like the whole of row `second`."""

    first: Ints
    second: Ints
    window: Ints


class _Files:
    """All pictures by the keys of their whole: `order[band]` lists rows key by key, `starts[band]` where
    each key's begin."""

    def __init__(self, looks: Looks, use: npt.NDArray[np.bool_]) -> None:
        total = len(looks)
        keys = np.empty((_BANDS, total), np.uint32)
        self.hashes = np.empty(total, np.uint64)
        self.colours = np.empty((total, 2), np.float32)
        self.use = use.copy()
        for start in range(0, total, _CHUNK):
            part = slice(start, start + _CHUNK)
            brightness = brightness_of(looks[part])
            coefficients = cosines(brightness)
            keys[:, part] = _keys(_banded(coefficients) > 0)
            self.hashes[part] = hashes(coefficients)
            self.colours[part] = chroma_of(looks[part]).mean(axis=(2, 3))
            self.use[part] &= brightness.std(axis=(1, 2)) >= _BLANK
        self.order = np.argsort(keys, axis=1, kind="stable").astype(np.int64)
        counts = [np.bincount(band, minlength=1 << _BITS) for band in keys]
        self.starts = np.array([np.concatenate([[0], np.cumsum(count)]) for count in counts])


def _banded(coefficients: Floats) -> Floats:
    """(N, BANDS, BITS): the lowest coefficients, dealt out so that each band has of all frequencies."""
    return (
        coefficients.reshape(-1, FREQUENCIES * FREQUENCIES)[:, _LOWEST]
        .reshape(-1, _BITS, _BANDS)
        .swapaxes(1, 2)
    )


_LOWEST: Final = np.array(
    sorted(range(1, FREQUENCIES**2), key=lambda i: (i // FREQUENCIES + i % FREQUENCIES, i))[: _BANDS * _BITS]
)
_WEIGHTS: Final = (1 << np.arange(_BITS)).astype(np.uint32)


def _keys(signs: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint32]:
    """(BANDS, N) of (N, BANDS, BITS)."""
    keys: npt.NDArray[np.uint32] = (signs * _WEIGHTS).sum(axis=2, dtype=np.uint32).T
    return keys


def _probes(coefficients: Floats) -> npt.NDArray[np.uint32]:
    """(BANDS, N, 2 ** PROBED): the keys of pictures, their least certain signs both ways."""
    banded = _banded(coefficients)
    keys = _keys(banded > 0)[:, :, None]
    doubtful = np.argpartition(np.abs(banded), _PROBED, axis=2)[:, :, :_PROBED]
    for flip in _WEIGHTS[doubtful].transpose(2, 1, 0):
        keys = np.concatenate([keys, keys ^ flip[:, :, None]], axis=2)
    return keys


def _candidates(looks: Looks, files: _Files, rows: Ints) -> _Candidates:
    brightness = brightness_of(looks[rows[0] : rows[-1] + 1])
    met = []
    for number, window in enumerate(WINDOWS):
        coefficients = cosines(brightness, window)
        first, second = _met(files, rows, _probes(coefficients))
        apart = bits_apart(hashes(coefficients)[first - rows[0]], files.hashes[second])
        alike = apart <= _MOST_APART
        met.append(np.stack([first[alike], second[alike], np.full(alike.sum(), number), apart[alike]]))
    return _nearest(np.concatenate(met, axis=1))


def _met(files: _Files, rows: Ints, probes: npt.NDArray[np.uint32]) -> tuple[Ints, Ints]:
    """Every two rows that meet under a key: those that ask, those that are filed there."""
    firsts, seconds = [], []
    for band in range(_BANDS):
        keys = probes[band]
        begin = files.starts[band][keys].reshape(-1)
        count = np.minimum(files.starts[band][keys + 1].reshape(-1) - begin, _CROWD)
        owner = np.repeat(np.repeat(rows, keys.shape[1]), count)
        ends = np.cumsum(count)
        within = np.arange(ends[-1]) - np.repeat(ends - count, count)
        other = files.order[band][np.repeat(begin, count) + within]
        close = np.abs(files.colours[owner] - files.colours[other]).max(axis=1) <= _MEAN_COLOUR
        use = close & (owner != other) & files.use[owner] & files.use[other]
        firsts.append(owner[use])
        seconds.append(other[use])
    return np.concatenate(firsts), np.concatenate(seconds)


def _nearest(met: Ints) -> _Candidates:
    """Of each two rows the best window, of each row the nearest few others."""
    met = met[:, np.lexsort((met[2], met[3], met[1], met[0]))]
    new = np.ones(met.shape[1], bool)
    new[1:] = (met[:2, 1:] != met[:2, :-1]).any(axis=0)
    met = met[:, new]
    met = met[:, np.lexsort((met[3], met[0]))]
    begins = np.searchsorted(met[0], met[0])
    met = met[:, np.arange(met.shape[1]) - begins < _KEPT]
    return _Candidates(met[0], met[1], met[2])


def _in_parts(all_of_them: _Candidates) -> Iterator[_Candidates]:
    for start in range(0, len(all_of_them.first), _ALIGNED):
        part = slice(start, start + _ALIGNED)
        yield _Candidates(all_of_them.first[part], all_of_them.second[part], all_of_them.window[part])


def _same(looks: Looks, candidates: _Candidates) -> Ints:
    """(P, 2): the candidates that turn out to show one picture."""
    one, other = looks[candidates.first], looks[candidates.second]
    agreement = align(one, other, np.array(WINDOWS, np.float32)[candidates.window])
    same = is_same(agreement, np.minimum(rim_contrast(one), rim_contrast(other)))
    return np.stack([candidates.first[same], candidates.second[same]], axis=1)


def is_same(agreement: Agreement, rim: Floats) -> npt.NDArray[np.bool_]:
    """(N,) whether aligned pairs show one picture. `rim`: the lesser `rim_contrast` of the two."""
    found = agreement
    alike = (found.colour <= _COLOUR) & (found.match >= _MATCH) & (found.detail >= _DETAIL)
    cut = np.abs(found.window - np.array(WINDOWS[0], np.float32)).max(axis=1)
    exact = (found.match >= _MATCH_PLAIN) & (found.detail >= _DETAIL_PLAIN) & (cut <= _CUT_PLAIN)
    same: npt.NDArray[np.bool_] = alike & ((rim >= _PLAIN) | exact)
    return same
