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
        rows = start + np.flatnonzero(files.use[start : start + _CHUNK])
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
    """The pictures to compare, filed by the keys of their whole.

    For each band, `order[band]` lists their rows key by key, `filed[band]` their hashes likewise, and
    `starts[band][key]` says where a key's begin. `colours` (N, 2): mean Cb and Cr of every row.
    """

    def __init__(self, looks: Looks, use: npt.NDArray[np.bool_]) -> None:
        total = len(looks)
        keys = np.empty((_BANDS, total), np.uint32)
        signs = np.empty(total, np.uint64)
        self.colours = np.empty((total, 2), np.float32)
        self.use = use.copy()
        for start in range(0, total, _CHUNK):
            part = slice(start, start + _CHUNK)
            brightness = brightness_of(looks[part])
            coefficients = cosines(brightness)
            keys[:, part] = _keys(_banded(coefficients) > 0)
            signs[part] = hashes(coefficients)
            self.colours[part] = chroma_of(looks[part]).mean(axis=(2, 3))
            self.use[part] &= brightness.std(axis=(1, 2)) >= _BLANK
        rows = np.flatnonzero(self.use).astype(np.int32)
        self.order = [rows[np.argsort(band[rows], kind="stable")] for band in keys]
        self.filed = [signs[order] for order in self.order]
        counts = [np.bincount(band[rows], minlength=1 << _BITS) for band in keys]
        self.starts = [np.concatenate([[0], np.cumsum(count)]).astype(np.int32) for count in counts]


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
    brightness = brightness_of(looks[rows])
    met = []
    for number, window in enumerate(WINDOWS):
        coefficients = cosines(brightness, window)
        signs, probes = hashes(coefficients), _probes(coefficients)
        for band in range(_BANDS):
            asking, second, apart = _met(files, band, probes[band], signs)
            first = rows[asking]
            colours = np.abs(files.colours[first] - files.colours[second]).max(axis=1)
            use = (first != second) & (colours <= _MEAN_COLOUR)
            met.append(np.stack([first[use], second[use], np.full(use.sum(), number), apart[use]]))
    return _nearest(np.concatenate(met, axis=1))


def _met(
    files: _Files, band: int, probes: npt.NDArray[np.uint32], signs: Hashes
) -> tuple[Ints, Ints, npt.NDArray[np.uint8]]:
    """Who meets whom under a key and agrees in most signs: the number of the one that asks (a row of `probes`
    and `signs`), the row of the one that is filed there, and how many signs are apart."""
    begin = files.starts[band][probes]
    count = np.minimum(files.starts[band][probes + 1] - begin, _CROWD)
    asking, column = np.nonzero(count)
    begin, count = begin[asking, column], count[asking, column]
    ends = np.cumsum(count)
    total = int(ends[-1]) if len(ends) else 0
    place = np.arange(total) + np.repeat(begin - ends + count, count)
    asking = np.repeat(asking, count)
    apart = bits_apart(signs[asking], files.filed[band][place])
    alike = apart <= _MOST_APART
    return asking[alike], files.order[band][place[alike]].astype(np.int64), apart[alike]


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
