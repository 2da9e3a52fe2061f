"""``copy.deepcopy`` of modules and containers: new layers with the same settings."""

from __future__ import annotations

from cnngui.checker.source.values import DictV, Layer, ListV, Obj


def deep(value: object, seen: dict[int, object] | None = None) -> object:
    """A copy that shares no layer with the original."""
    seen = {} if seen is None else seen
    if id(value) in seen:
        return seen[id(value)]
    if isinstance(value, Layer):
        made = Layer(value.kind, dict(value.config), {}, dict(value.state), value.at, value.born)
        seen[id(value)] = made
        made.children.update((key, deep(child, seen)) for key, child in value.children.items())
        return made
    if isinstance(value, Obj):
        twin = Obj(value.cls, {}, None, value.at, value.opaque)
        seen[id(value)] = twin
        twin.attrs.update((key, deep(child, seen)) for key, child in value.attrs.items())
        twin.base = deep(value.base, seen)
        return twin
    if isinstance(value, ListV):
        many = ListV([], value.open, value.kind, value.depth, value.at)
        seen[id(value)] = many
        many.items.extend(deep(one, seen) for one in value.items)
        return many
    if isinstance(value, DictV):
        return DictV({key: deep(one, seen) for key, one in value.items.items()}, value.open)
    if isinstance(value, tuple):
        made_tuple = tuple(deep(one, seen) for one in value)
        seen[id(value)] = made_tuple
        return made_tuple
    return value
