"""Sizes of tensor axes: plain integers, products that remember their factors, and symbols.

A symbolic size is a positive integer that is not known, times a known fraction: the batch size
``N``, or the height of a picture of any size. ``32·h·w`` can still be told from ``1000``, because
1000 is no multiple of 32.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from math import prod

_numbers = count()


class Factored(int):
    """An integer that remembers the product it came from: ``32 * 8 * 8`` prints ``2048 = 32·8·8``."""

    factors: tuple[int, ...]

    def __new__(cls, factors: tuple[int, ...]) -> Factored:
        made = super().__new__(cls, prod(factors))
        made.factors = factors
        return made


@dataclass(frozen=True, slots=True)
class Symbol:
    """An unknown positive integer."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Size:
    """``factor`` times a product of symbols (at least one)."""

    factor: Fraction
    symbols: tuple[Symbol, ...]

    @property
    def batch(self) -> bool:
        """Whether this is the number of pictures in a batch, untouched."""
        return self.factor == 1 and len(self.symbols) == 1 and self.symbols[0].name == "N"

    def __str__(self) -> str:
        names = [symbol.name for symbol in self.symbols]
        return "·".join(names if self.factor == 1 else [str(self.factor), *names])


Dim = int | Size
Shape = tuple[Dim, ...]


def fresh(name: str = "?") -> Size:
    """A size nothing is known about."""
    return Size(Fraction(1), (Symbol(name, next(_numbers)),))


def batch() -> Size:
    """The number of pictures in a batch that came out of a loader."""
    return fresh("N")


def _parts(dim: Dim) -> tuple[Fraction, tuple[Symbol, ...]]:
    return (dim.factor, dim.symbols) if isinstance(dim, Size) else (Fraction(int(dim)), ())


def _make(factor: Fraction, symbols: tuple[Symbol, ...]) -> Dim | None:
    if symbols:
        return Size(factor, tuple(sorted(symbols, key=lambda one: one.number)))
    return int(factor) if factor.denominator == 1 else None


def times(first: Dim, second: Dim) -> Dim:
    """The product; of two known sizes one that remembers the factors."""
    if isinstance(first, int) and isinstance(second, int):
        return multiply(first, second)
    left, right = _parts(first), _parts(second)
    made = _make(left[0] * right[0], left[1] + right[1])
    assert made is not None, "a product of whole numbers is whole"
    return made


def multiply(first: int, second: int) -> int:
    """An integer product that remembers its factors (as long as they are few and positive)."""
    factors = getattr(first, "factors", (first,)) + getattr(second, "factors", (second,))
    factors = tuple(int(one) for one in factors if one != 1) or (1,)
    if len(factors) == 1 or len(factors) > 6 or any(one <= 0 for one in factors):
        return int(first) * int(second)
    return Factored(factors)


def product(dims: Shape) -> Dim:
    """The number of values in a shape."""
    total: Dim = 1
    for dim in dims:
        total = times(total, dim)
    return total


def divide(first: Dim, second: Dim) -> Dim | None:
    """The exact quotient, or None where it is not known to be a whole number."""
    left, right = _parts(first), _parts(second)
    if right[0] == 0:
        return None
    symbols = list(left[1])
    for symbol in right[1]:
        if symbol not in symbols:
            return None
        symbols.remove(symbol)
    factor = left[0] / right[0]
    if symbols and factor.denominator != 1:
        return None
    return _make(factor, tuple(symbols))


def same(first: Dim, second: Dim) -> bool:
    """Whether the two are equal for certain."""
    return first == second


def differ(first: Dim, second: Dim) -> bool:
    """Whether the two are unequal for certain."""
    left, right = _parts(first), _parts(second)
    if left[1] == right[1]:
        return left[0] != right[0]
    if not left[1] or not right[1]:
        known, symbolic = (left[0], right[0]) if not left[1] else (right[0], left[0])
        return (known / symbolic).denominator != 1
    return False


def text(dim: Dim) -> str:
    """``2048 = 32·8·8`` for a product that is remembered, else the plain number or symbol."""
    if isinstance(dim, Factored):
        return f"{int(dim)} = {'·'.join(map(str, dim.factors))}"
    return str(dim)


def shape_text(shape: Shape | None) -> str:
    """A shape as the field writes it: ``(N, 32, 16, 16)``."""
    if shape is None:
        return "(unknown)"
    parts = ", ".join(str(int(dim)) if isinstance(dim, int) else str(dim) for dim in shape)
    return f"({parts},)" if len(shape) == 1 else f"({parts})"
