"""Reading and writing items: ``value[key]``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source import attributes, batches, calls, iteration, modules, showing, tensors
from cnngui.checker.source.sizes import Size
from cnngui.checker.source.values import (
    Dataset,
    DictV,
    Layer,
    Lib,
    ListV,
    Obj,
    Params,
    Tensor,
    Thing,
    Unknown,
    as_int,
    keyed,
)

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Machine


def get(m: Machine, value: object, key: object, node: ast.AST) -> object:
    """``value[key]``."""
    if isinstance(value, Tensor):
        return tensors.index(m, value, key, node)
    if isinstance(value, (tuple, ListV, range, str)):
        return _from_sequence(m, value, key, node)
    if isinstance(value, DictV):
        return _from_dict(value, key)
    if isinstance(value, (Layer, Obj)):
        return _from_module(m, value, key, node)
    if isinstance(value, Params):
        return _from_params(value, key)
    if isinstance(value, Dataset):
        return batches.sample_of(m, value, node)
    if isinstance(value, Lib):
        return value
    if isinstance(value, Thing) and "items" in value.config:
        return get(m, value.config["items"], key, node)
    return Unknown(parent=value, hint=key if isinstance(key, str) else "", tag=_tag(value, key))


def _tag(value: object, key: object) -> str:
    if isinstance(value, Unknown) and value.tag == "text":
        return "text"
    return "part" if isinstance(key, slice) else ""


def _from_sequence(
    m: Machine, value: tuple[object, ...] | ListV | range | str, key: object, node: ast.AST
) -> object:
    items = iteration.known_items(m, value)
    if isinstance(key, Tensor) and isinstance(value, (tuple, ListV)) and items is not None:
        showing.indexed(m, items, key, node)
        return Unknown(tag="text") if items and isinstance(items[0], str) else Unknown()
    if items is None:
        first = value.items if isinstance(value, ListV) else []
        number = as_int(key)
        if number is not None and 0 <= number < len(first):
            return first[number]
        return iteration.element(m, value, node)
    if isinstance(key, slice):
        bounds = _bounds(key)
        if bounds is None:
            return m.new_list(items, is_open=True)
        cut = items[bounds]
        if isinstance(value, str):
            return "".join(str(one) for one in cut)
        return tuple(cut) if isinstance(value, tuple) else m.new_list(cut)
    number = int(key) if isinstance(key, int) else None
    if number is not None and -len(items) <= number < len(items):
        return items[number]
    return iteration.element(m, value, node) if number is None and items else Unknown()


def _bounds(key: slice) -> slice | None:
    parts = (key.start, key.stop, key.step)
    if any(one is not None and as_int(one) is None for one in parts) or key.step == 0:
        return None
    return slice(*(None if one is None else int(one) for one in parts))


def _from_dict(value: DictV, key: object) -> object:
    try:
        if key in value.items:
            return value.items[key]
    except TypeError:
        pass
    items = list(value.items.values())
    if len(items) == 1 and isinstance(key, Unknown):
        return items[0]
    return Unknown(hint=key if isinstance(key, str) else "", parent=value)


def _from_module(m: Machine, value: Layer | Obj, key: object, node: ast.AST) -> object:
    own = attributes.method_of(m, value, "__getitem__")
    if own is not None:
        return calls.call(m, own, [key], {}, node)
    children = modules.child_map(value)
    if isinstance(key, str):
        return children.get(key, Unknown(hint=key))
    items = list(children.values())
    number = as_int(key)
    if number is not None and -len(items) <= number < len(items):
        return items[number]
    if isinstance(key, slice) and isinstance(value, Layer):
        bounds = _bounds(key)
        if bounds is not None:
            kept = {str(index): child for index, child in enumerate(items[bounds])}
            return Layer(value.kind, value.config, keyed(kept), value.state, value.at, value.born)
    return Unknown()


def _from_params(value: Params, key: object) -> object:
    if isinstance(key, slice):
        bounds = _bounds(key)
        if bounds is not None and not value.open:
            return Params(value.entries[bounds], value.owner)
        return Params(value.entries, value.owner, open=True)
    return Unknown()


def put(m: Machine, value: object, key: object, new: object, node: ast.AST) -> None:
    """``value[key] = new``."""
    if isinstance(value, DictV):
        if isinstance(key, (int, str, float, tuple, type(None))) and not isinstance(key, Size):
            try:
                m.put(value.items, key, new)
            except TypeError:
                value.open = True
            showing.stored(m, key, new, node)
        else:
            value.open = True
    elif isinstance(value, ListV):
        number = as_int(key)
        m.touch(value)
        if number is not None and -len(value.items) <= number < len(value.items):
            value.items[number] = new
        else:
            value.open = True
    elif isinstance(value, (Layer, Obj)):
        _put_child(m, value, key, new)


def _put_child(m: Machine, value: Layer | Obj, key: object, new: object) -> None:
    holder = value if isinstance(value, Layer) else value.base
    if not isinstance(holder, Layer):
        return
    names = list(holder.children)
    number = as_int(key)
    if number is not None and -len(names) <= number < len(names):
        m.put(holder.children, names[number], new)
    elif isinstance(key, str):
        m.put(holder.children, key, new)


def delete(m: Machine, value: object, key: object) -> None:
    """``del value[key]``."""
    if isinstance(value, ListV):
        number = as_int(key)
        m.touch(value)
        if number is not None and -len(value.items) <= number < len(value.items) and not value.open:
            del value.items[number]
        else:
            value.open = True
    elif isinstance(value, DictV):
        value.open = True
    elif isinstance(value, Layer):
        names = list(value.children)
        number = as_int(key)
        if number is not None and -len(names) <= number < len(names):
            m.put(value.children, names[number], Layer("Identity", {}))
