"""Tensors: arithmetic with broadcasting, indexing, attributes, and how tags survive them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source import tensor_ops
from cnngui.checker.source.facts import ShapeFault
from cnngui.checker.source.sizes import Dim, Shape, Size, differ, fresh
from cnngui.checker.source.values import (
    Bound,
    ListV,
    Op,
    Range,
    Spot,
    Tensor,
    Unknown,
    as_int,
    is_number,
)

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Machine

JOINS = {ast.Add: "add", ast.Sub: "add", ast.Mult: "mul", ast.Div: "mul", ast.MatMult: "matmul"}


def as_tensor(value: object) -> Tensor:
    """The value as a tensor; of one that is not followed nothing is known."""
    if isinstance(value, Tensor):
        return value
    return Tensor(None, None, graph="" if is_number(value) else None)


def graph_of(m: Machine, parts: list[Tensor], at: Spot) -> tuple[str | None, Op | None]:
    """Whether gradients still reach parameters through a value made of these."""
    if any(one.graph == "on" for one in parts):
        return ("cut", Op("no_grad", at)) if m.grad is False else ("on" if m.grad else None, None)
    if any(one.graph is None for one in parts):
        return None, None
    cut = next((one.cut for one in parts if one.graph == "cut"), None)
    return ("cut", cut) if any(one.graph == "cut" for one in parts) else ("", None)


def broadcast(first: Shape | None, second: Shape | None) -> tuple[Shape | None, tuple[Dim, Dim] | None]:
    """The common shape, and the two sizes that keep it from existing."""
    if first is None or second is None:
        return None, None
    length = max(len(first), len(second))
    left: Shape = (1,) * (length - len(first)) + first
    right: Shape = (1,) * (length - len(second)) + second
    out: list[Dim] = []
    for one, other in zip(left, right, strict=True):
        if one == other or other == 1:
            out.append(one)
        elif one == 1:
            out.append(other)
        elif differ(one, other) and isinstance(one, int) and isinstance(other, int):
            return None, (one, other)
        else:
            out.append(one if isinstance(one, int) else other if isinstance(other, int) else fresh())
    return tuple(out), None


def binary(m: Machine, op: type[ast.operator], left: object, right: object, node: ast.AST) -> object:
    """An operator with a tensor on at least one side."""
    if op is ast.MatMult:
        return tensor_ops.matmul(m, as_tensor(left), as_tensor(right), node)
    at = m.spot(node)
    if not (isinstance(left, Tensor) and isinstance(right, Tensor)):
        tensor, other = (left, right) if isinstance(left, Tensor) else (right, left)
        assert isinstance(tensor, Tensor)
        return _with_plain(m, op, tensor, other, at)
    m.facts.joined.update(id(one.last) for one in (left, right) if one.last is not None)
    shape, clash = broadcast(left.shape, right.shape)
    if clash and not left.array:
        kind = "residual" if op in {ast.Add, ast.Sub} else "broadcast"
        if left.role == "" and right.role == "" and m.forward_depth:
            m.facts.faults.append(
                ShapeFault(kind, at, clash[0], clash[1], left.shape, value=left, other=right.shape)
            )
        return Tensor(None, left.dtype, graph=None)
    graph, cut = graph_of(m, [left, right], at)
    kind = JOINS.get(op, "mul")
    joined = _joined_tags(left, right)
    bends = min((left.bends, right.bends), key=lambda one: one[1] if one else 0) if op is ast.Add else None
    return joined.but(
        shape=shape,
        last=Op(kind, at, before=left.last or right.last),
        linear=None,
        graph=graph,
        cut=cut,
        bends=bends,
    )


def _joined_tags(left: Tensor, right: Tensor) -> Tensor:
    main = left if left.graph == "on" or right.graph != "on" else right
    return main.but(
        net=left.net or right.net,
        role="input" if left.role == right.role == "input" else "",
        made_of=tuple(dict.fromkeys(left.made_of + right.made_of)),
        range=None,
        index_of=None,
        onehot=False,
        classes=None,
        dtype="float" if "float" in {left.dtype, right.dtype} else left.dtype,
        random=left.random and right.random,
        number=left.number and right.number,
        broken_layout=False,
    )


def _with_plain(m: Machine, op: type[ast.operator], tensor: Tensor, other: object, at: Spot) -> Tensor:
    shape = tensor.shape if is_number(other) or tensor.shape is None or isinstance(other, Size) else None
    made = tensor.but(shape=shape, index_of=None, classes=None, broken_layout=False)
    if op is ast.Div:
        made = made.but(dtype="float")
    if isinstance(other, Unknown):
        parts_graph = tensor.graph if tensor.graph == "on" else None
        opaque = (
            Op("other", at, before=tensor.last)
            if op in {ast.Add, ast.Sub} or not tensor.last
            else tensor.last
        )
        made = made.but(shape=_beside_unknown(tensor.shape), linear=None, graph=parts_graph, last=opaque)
        return made.but(range=None if tensor.range is None else Range("other"))
    if tensor.range is not None and op in {ast.Div, ast.Mult, ast.Add, ast.Sub}:
        made = made.but(range=_scaled(op, tensor.range, other))
    if op is ast.Pow:
        made = made.but(last=Op("other", at, before=tensor.last), linear=None)
    return made if m.grad is not False or made.graph != "on" else made.but(graph="cut", cut=Op("no_grad", at))


def _beside_unknown(shape: Shape | None) -> Shape | None:
    """The shape after an operator with something unknown, which may be a tensor that an axis of 1 is
    repeated for; to less than a batch of pictures it may even bring axes."""
    if not shape or (len(shape) < 4 and not isinstance(shape[0], Size)):
        return None
    return tuple(fresh() if one == 1 else one for one in shape)


def _scaled(op: type[ast.operator], given: Range, other: object) -> Range:
    if given.kind == "0-255" and is_number(other) and isinstance(other, (int, float)):
        if op is ast.Div and 250 <= other <= 260:
            return Range("0-1")
        if op is ast.Mult and 0 < other < 0.01:
            return Range("0-1")
        if op is ast.Div and 100 <= other <= 130:
            return Range("other")
    if (
        given.kind == "0-1"
        and is_number(other)
        and isinstance(other, (int, float))
        and op is ast.Mult
        and other >= 200
    ):
        return Range("0-255")
    return (
        given if given.kind == "0-255" and op in {ast.Add, ast.Sub} and is_number(other) else Range("other")
    )


def unary(m: Machine, value: Tensor, node: ast.AST) -> object:
    """``-x`` and ``~x``: the values keep their history."""
    return value.but(index_of=None) if m is not None and node is not None else value


def compared(m: Machine, left: object, right: object, node: ast.AST) -> object:
    """``==`` and the like give booleans of the common shape."""
    first, second = as_tensor(left), as_tensor(right)
    shape = broadcast(first.shape, second.shape)[0]
    if not isinstance(left, Tensor) or not isinstance(right, Tensor):
        shape = first.shape if isinstance(left, Tensor) else second.shape
    return Tensor(shape, "bool", last=Op("compare", m.spot(node)), number=first.number and second.number)


def index(m: Machine, value: Tensor, key: object, node: ast.AST) -> Tensor:  # noqa: ARG001
    """``x[key]``: the values keep their history, the axes follow the key."""
    keys = list(key) if isinstance(key, tuple) else [key]
    made = value.but(made_of=value.made_of, broken_layout=False)
    if value.shape is None:
        return made
    if any(isinstance(one, (Tensor, ListV, Unknown)) for one in keys):
        return made.but(shape=_partly(value.shape, keys))
    if Ellipsis in [one for one in keys if one is Ellipsis]:
        here = next(position for position, one in enumerate(keys) if one is Ellipsis)
        missing = len(value.shape) - (len([one for one in keys if one is not None]) - 1)
        keys[here : here + 1] = [slice(None)] * max(missing, 0)
    out: list[Dim] = []
    axes = list(value.shape)
    for one in keys:
        if one is None:
            out.append(1)
            continue
        if not axes:
            return made.but(shape=None)
        dim = axes.pop(0)
        if isinstance(one, slice):
            out.append(_sliced(dim, one))
    return made.but(shape=tuple(out) + tuple(axes))


def _partly(shape: Shape, keys: list[object]) -> Shape | None:
    """Axes after indexing with something not followed: known only for one whole-number or list key."""
    first = keys[0]
    if len(keys) == 1 and isinstance(first, Unknown) and first.tag == "turn":
        return shape[1:]
    if len(keys) == 1 and isinstance(first, (ListV, Tensor)):
        known = first.shape if isinstance(first, Tensor) else None
        if isinstance(first, Tensor) and first.dtype != "bool" and known is not None:
            return known + shape[1:]
        return (fresh(), *shape[1:])
    return None


def _sliced(dim: Dim, key: slice) -> Dim:
    if key.start is None and key.stop is None and key.step is None:
        return dim
    low, high, step = (as_int(one) if one is not None else None for one in (key.start, key.stop, key.step))
    if isinstance(dim, int) and all(
        one is None or as_int(one) is not None for one in (key.start, key.stop, key.step)
    ):
        return len(range(*slice(low, high, step).indices(dim)))
    return fresh()


def first_axis_away(value: Tensor) -> Tensor:
    """What iterating over a tensor gives."""
    return value.but(shape=value.shape[1:] if value.shape else None, broken_layout=False)


def attribute(m: Machine, value: Tensor, name: str, node: ast.AST) -> object:
    """``x.name``."""
    if name == "shape":
        return Unknown("shape", parent=value) if value.shape is None else value.shape
    if name == "data":
        cut = value.graph == "on"
        return value.but(graph="cut", cut=Op("data", m.spot(node))) if cut else value
    if name in {"T", "mT", "H"}:
        return value.but(shape=None if value.shape is None else value.shape[::-1], broken_layout=True)
    if name == "ndim":
        return Unknown("ndim") if value.shape is None else len(value.shape)
    if name in tensor_ops.TABLE or name in tensor_ops.METHODS:
        return Bound(name, value)
    if name in {"values", "indices"}:
        return value
    return Unknown(name, parent=value)
