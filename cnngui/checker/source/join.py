"""Joining what two arms of a branch know: equal stays, different becomes unknown."""

from __future__ import annotations

from cnngui.checker.source.sizes import Shape, fresh
from cnngui.checker.source.values import MISSING, DictV, Layer, ListV, Obj, Tensor, Unknown


def join(first: object, second: object, depth: int = 0) -> object:  # noqa: C901  one line per kind of value
    """What is true of both. A name set in one arm alone keeps its value."""
    if first is second or second is MISSING:
        return first
    if first is MISSING:
        return second
    if depth > 6:
        return Unknown()
    if type(first) is type(second):
        if isinstance(first, Tensor) and isinstance(second, Tensor):
            return join_tensors(first, second)
        if isinstance(first, tuple) and isinstance(second, tuple) and len(first) == len(second):
            return tuple(join(left, right, depth + 1) for left, right in zip(first, second, strict=True))
        if isinstance(first, ListV) and isinstance(second, ListV):
            return _join_lists(first, second, depth + 1)
        if isinstance(first, DictV) and isinstance(second, DictV):
            return DictV({**second.items, **first.items}, first.open or second.open)
        if isinstance(first, Obj) and isinstance(second, Obj) and first.cls is second.cls:
            return first
        if isinstance(first, Layer) and isinstance(second, Layer) and first.kind == second.kind != "tv":
            return first if first.config == second.config and not first.children else Unknown()
        if isinstance(first, (int, float, str, bytes)) and first == second:
            return first
    if isinstance(first, Unknown) and isinstance(second, Unknown):
        return Unknown(first.hint or second.hint, tag=first.tag or second.tag)
    hint = next((one.hint for one in (first, second) if isinstance(one, Unknown)), "")
    return Unknown(hint)


def _join_lists(first: ListV, second: ListV, depth: int) -> ListV:
    if len(first.items) == len(second.items):
        items = [join(left, right, depth) for left, right in zip(first.items, second.items, strict=True)]
        return ListV(items, first.open or second.open, first.kind, first.depth)
    longer = first if len(first.items) > len(second.items) else second
    return ListV(list(longer.items), True, longer.kind, longer.depth)


def join_shapes(first: Shape | None, second: Shape | None) -> Shape | None:
    """Axes that agree are kept, others become unknown; None where the number of axes differs."""
    if first is None or second is None or len(first) != len(second):
        return None
    return tuple(left if left == right else fresh() for left, right in zip(first, second, strict=True))


def join_tensors(first: Tensor, second: Tensor) -> Tensor:
    """Every field on which both agree."""
    same_last = first.last is second.last or first.kind == second.kind
    return Tensor(
        shape=join_shapes(first.shape, second.shape),
        dtype=first.dtype if first.dtype == second.dtype else None,
        last=first.last if same_last else None,
        net=first.net if first.net is second.net else None,
        role=first.role if first.role == second.role else "",
        linear=first.linear if first.linear is second.linear else None,
        graph=first.graph if first.graph == second.graph else None,
        cut=first.cut if first.graph == second.graph else None,
        bends=first.bends if first.bends == second.bends else None,
        range=first.range if first.range == second.range else None,
        data=first.data if first.data is second.data else None,
        classes=first.classes if first.classes == second.classes else None,
        picture=first.picture if first.picture == second.picture else None,
        onehot=first.onehot and second.onehot,
        array=first.array and second.array,
        made_of=tuple(dict.fromkeys(first.made_of + second.made_of)),
        random=first.random and second.random,
    )
