"""What comes out of a value one after the other: known items, or one item that stands for all."""

from __future__ import annotations

import ast
from functools import reduce
from typing import TYPE_CHECKING

from cnngui.checker.source import batches, modules, tensors
from cnngui.checker.source.join import join
from cnngui.checker.source.values import (
    Dataset,
    DictV,
    Layer,
    ListV,
    Loader,
    Obj,
    Param,
    Params,
    Tensor,
    Thing,
    Unknown,
)

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Machine

LONGEST = 4096


def known_items(m: Machine, value: object) -> list[object] | None:
    """Every item in order, or None where not all of them are known."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, ListV):
        return None if value.open else value.items
    if isinstance(value, range):
        return list(value) if len(value) <= LONGEST else None
    if isinstance(value, str):
        return list(value) if len(value) <= 64 else None
    if isinstance(value, DictV):
        return None if value.open else list(value.items)
    if isinstance(value, Params):
        return _by_state(value)
    if isinstance(value, (Layer, Obj)):
        return modules.contained(value)
    if isinstance(value, Thing) and value.kind == "zip":
        return _zipped(m, value)
    if isinstance(value, Thing) and value.kind == "enumerate":
        inner = known_items(m, value.config["over"])
        start = value.config.get("start")
        first = start if isinstance(start, int) else 0
        return None if inner is None else [(first + index, item) for index, item in enumerate(inner)]
    return None


def _by_state(value: Params) -> list[object]:
    """One item for the frozen parameters and one for the others, so that a filter can tell them apart."""
    groups: dict[object, list[tuple[str, Layer]]] = {}
    for entry in value.entries:
        groups.setdefault(entry[1].state.get("frozen", False), []).append(entry)
    return [Param(Params(entries, value.owner, value.open)) for entries in groups.values()] or [Param(value)]


def _zipped(m: Machine, value: Thing) -> list[object] | None:
    parts = value.config["parts"]
    assert isinstance(parts, list)
    known = [known_items(m, part) for part in parts]
    if not known or any(items is None for items in known):
        return None
    return [tuple(group) for group in zip(*[items for items in known if items is not None], strict=False)]


def element(m: Machine, value: object, node: ast.AST) -> object:
    """One item that stands for all of them."""
    if isinstance(value, Loader):
        return batches.batch_of(m, value, node)
    if isinstance(value, Dataset):
        return batches.sample_of(m, value, node)
    if isinstance(value, Thing):
        return _wrapped(m, value, node)
    if isinstance(value, Tensor):
        return tensors.first_axis_away(value)
    if isinstance(value, range):
        return Unknown(tag="turn")
    if isinstance(value, Params):
        return Param(value)
    if isinstance(value, Obj):
        made = batches.iterate_object(m, value, node)
        if made is not None:
            return made
    items = known_items(m, value)
    if items is None and isinstance(value, ListV):
        items = value.items
    if items is None and isinstance(value, DictV):
        items = list(value.items)
    if items:
        return reduce(join, items[:8])
    return Unknown(parent=value)


def _wrapped(m: Machine, value: Thing, node: ast.AST) -> object:
    if value.kind == "enumerate":
        return (Unknown(tag="turn"), element(m, value.config["over"], node))
    if value.kind == "zip":
        parts = value.config["parts"]
        assert isinstance(parts, list)
        return tuple(element(m, part, node) for part in parts)
    if value.kind == "iterator":
        return element(m, value.config["over"], node)
    return Unknown(parent=value)


def source_of(value: object) -> object:
    """What a loop really runs over, behind ``enumerate`` and ``zip``."""
    while isinstance(value, Thing):
        if value.kind in {"enumerate", "iterator"}:
            value = value.config["over"]
        elif value.kind == "zip":
            parts = value.config["parts"]
            assert isinstance(parts, list)
            value = next((part for part in parts if isinstance(part, Loader)), parts[0] if parts else None)
        else:
            break
    return value


def unpacked(m: Machine, value: object, index: int, count: int, node: ast.AST) -> object:
    """Item ``index`` of ``count`` of a value whose items are not known one by one."""
    if isinstance(value, Tensor):
        return tensors.index(m, value, index, node)
    if isinstance(value, Unknown):
        return Unknown(reason=value.reason, parent=value)
    if isinstance(value, (Loader, Dataset)) or (isinstance(value, ListV) and not value.items):
        return Unknown()
    if isinstance(value, ListV) and len(value.items) == count and value.kind != "generator":
        return value.items[index]
    return element(m, value, node)
