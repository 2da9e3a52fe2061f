"""Noting numbers that a person reads as probabilities: by the name they get, or the text around them."""

from __future__ import annotations

import ast
import itertools
import re
from typing import TYPE_CHECKING

from cnngui.checker.source.facts import Indexed, Shown
from cnngui.checker.source.values import Tensor

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Machine

PROBABILITY = re.compile(
    r"prob|confid|certain|likelihood|percent|(^|_)conf($|_|s$)|(^|_)pct($|_)", re.IGNORECASE
)


def stored(m: Machine, name: object, value: object, node: ast.AST) -> None:
    """A tensor was given a name (variable, key, keyword)."""
    if isinstance(name, str) and isinstance(value, Tensor) and value.last and PROBABILITY.search(name):
        m.facts.shown.append(Shown(m.spot(node), value, "stored", name))


def returned(m: Machine, name: str, value: object, node: ast.AST) -> None:
    """A function that is named after probabilities gave a tensor."""
    if isinstance(value, Tensor) and value.last and PROBABILITY.search(name) and not m.forward_depth:
        m.facts.shown.append(Shown(m.spot(node), value, "returned", name))


def formatted(m: Machine, value: object, before: str, after: str, spec: str, node: ast.AST) -> None:
    """A tensor was put into an f-string."""
    if not isinstance(value, Tensor) or not value.last:
        return
    percent = "%" in spec or after.lstrip().startswith("%")
    if percent or PROBABILITY.search(before.rpartition(",")[2]):
        m.facts.shown.append(Shown(m.spot(node), value, "printed", before.strip()))


def compared(m: Machine, left: object, right: object, node: ast.AST) -> None:
    """A tensor was compared with a number between 0 and 1."""
    for value, bound in ((left, right), (right, left)):
        if isinstance(value, Tensor) and value.last and isinstance(bound, float) and 0 < bound < 1:
            m.facts.shown.append(Shown(m.spot(node), value, "compared", str(bound)))


def printed(m: Machine, values: list[object], node: ast.AST) -> None:
    """``print("confidence", x)``: a label and the value after it."""
    for label, value in itertools.pairwise(values):
        if isinstance(label, str) and isinstance(value, Tensor) and value.last and PROBABILITY.search(label):
            m.facts.shown.append(Shown(m.spot(node), value, "printed", label.strip()))


def indexed(m: Machine, items: list[object], key: Tensor, node: ast.AST) -> None:
    """A list of names was indexed with a prediction."""
    if key.index_of is not None and items and all(isinstance(one, str) for one in items):
        m.facts.indexed.append(Indexed(m.spot(node), len(items), key.index_of))
