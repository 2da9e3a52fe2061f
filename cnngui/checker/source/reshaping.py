"""Operations that move values without changing them: views, flattening, axes, joining."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from cnngui.checker.source.facts import ShapeFault
from cnngui.checker.source.sizes import Dim, Shape, Size, differ, divide, fresh, product, times
from cnngui.checker.source.values import ListV, Op, Tensor, Unknown, as_int, sequence

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine

Handler = Callable[["Machine", Tensor, "Args", ast.AST], object]


def reduced(shape: Shape | None, axis: object, keep: object) -> Shape | None:
    """The shape after reducing over an axis, several, or all of them (None)."""
    if axis is None:
        return ()
    if shape is None:
        return None
    axes = [as_int(one) for one in (sequence(axis) or [axis])]
    if any(one is None or not -len(shape) <= one < len(shape) for one in axes) or not isinstance(keep, bool):
        return None
    gone = {one % len(shape) for one in axes if one is not None}
    if keep:
        return tuple(1 if index in gone else dim for index, dim in enumerate(shape))
    return tuple(dim for index, dim in enumerate(shape) if index not in gone)


def with_axis(shape: Shape | None, axis: int, change: Callable[[Dim], Dim]) -> Shape | None:
    """The shape with one axis changed."""
    if shape is None or not -len(shape) <= axis < len(shape):
        return None
    axis %= len(shape)
    return tuple(change(dim) if index == axis else dim for index, dim in enumerate(shape))


def shared(dim: Dim, count: int) -> Dim:
    """One of ``count`` equal parts of an axis."""
    part = divide(dim, count)
    return part if part is not None else fresh()


def _wanted(args: Args) -> list[object] | None:
    """The sizes asked for by ``view``/``reshape``, as numbers or one sequence."""
    given = args.kw.get("shape", args.kw.get("size"))
    if given is None and len(args.pos) == 1:
        given = args.pos[0]
    if given is None:
        return None if args.star else list(args.pos)
    listed = sequence(given)
    if listed is None and isinstance(given, (int, Size)):
        return [given]
    return listed


def _view(strict: bool) -> Handler:
    def run(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:
        wanted = _wanted(args)
        if wanted is None:
            return x.but(shape=None, broken_layout=False)
        return viewed(m, x, wanted, node, strict=strict)

    return run


def viewed(m: Machine, x: Tensor, wanted: list[object], node: ast.AST, *, strict: bool = False) -> Tensor:
    """``x.view(*wanted)``; sizes that cannot be filled are noted and leave an unknown shape."""
    at = m.spot(node)
    dims: list[Dim] = [one if isinstance(one, (int, Size)) else fresh() for one in wanted]
    holes = [index for index, one in enumerate(dims) if one == -1]
    if x.shape is None or len(holes) > 1 or any(one == 0 for one in dims):
        return x.but(shape=tuple(fresh() if one == -1 else one for one in dims), broken_layout=False)
    total = product(x.shape)
    rest = product(tuple(one for one in dims if one != -1))
    if strict and x.broken_layout and len(dims) == 2 and len(x.shape) > 2:
        m.facts.faults.append(ShapeFault("view-layout", at, None, None, x.shape, value=x))
        return x.but(shape=None, broken_layout=False)
    if not holes:
        if (
            x.shape
            and x.shape[0] in m.uneven
            and isinstance(rest, int)
            and all(isinstance(one, int) for one in wanted)
        ):
            m.facts.faults.append(
                ShapeFault("view-rows", at, dims[0], None, x.shape, value=x, other=tuple(dims))
            )
            return x.but(shape=None)
        if differ(total, rest) and all(isinstance(one, (int, Size)) for one in wanted):
            _view_fault(m, x, tuple(dims), node)
            return x.but(shape=None)
        return x.but(shape=tuple(dims), broken_layout=False)
    if len(dims) == 1 and len(x.shape) > 1:
        last = Op("flatten_all", at, before=x.last) if isinstance(x.shape[0], Size) and x.last else x.last
        return x.but(shape=(total,), last=last, broken_layout=False)
    hole = divide(total, rest)
    if _mixes(x.shape, dims, holes[0]) or (hole is None and isinstance(total, int) and isinstance(rest, int)):
        _view_fault(m, x, tuple(dims), node)
        return x.but(shape=None)
    dims[holes[0]] = hole if hole is not None else fresh()
    return x.but(shape=tuple(dims), broken_layout=False)


def _mixes(shape: Shape, dims: list[Dim], hole: int) -> bool:
    """Whether ``view(-1, k)`` puts values of different pictures into one row."""
    if hole != 0 or len(dims) != 2 or len(shape) < 3 or not isinstance(shape[0], Size):
        return False
    wanted = dims[1]
    trailing: Dim = 1
    for dim in reversed(shape[1:]):
        trailing = times(trailing, dim)
        if trailing == wanted:
            return False
    return differ(trailing, wanted)


def _view_fault(m: Machine, x: Tensor, dims: Shape, node: ast.AST) -> None:
    assert x.shape is not None
    have = product(x.shape[1:]) if isinstance(x.shape[0], Size) else product(x.shape)
    want = product(tuple(one for one in dims[1:] if one != -1)) if len(dims) > 1 else product(dims)
    m.facts.faults.append(ShapeFault("view", m.spot(node), want, have, x.shape, value=x, other=dims))


def _flatten(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:
    start, end = as_int(args.get(0, "start_dim", 0)), as_int(args.get(1, "end_dim", -1))
    return flattened(m, x, start, end, node)


def flattened(m: Machine, x: Tensor, start: int | None, end: int | None, node: ast.AST) -> Tensor:
    """``flatten(start, end)``."""
    if x.shape is None or start is None or end is None:
        known = x.shape is None and start == 1 and end == -1
        return x.but(shape=(fresh(), fresh()) if known else None, broken_layout=False)
    rank = len(x.shape)
    if not rank:
        return x.but(shape=(1,))
    if not (-rank <= start < rank and -rank <= end < rank):
        return x.but(shape=None)
    start, end = start % rank, end % rank
    whole = product(x.shape[start : end + 1])
    shape = (*x.shape[:start], whole, *x.shape[end + 1 :])
    last = x.last
    if start == 0 and end == rank - 1 and rank > 1 and isinstance(x.shape[0], Size) and x.last:
        last = Op("flatten_all", m.spot(node), before=x.last)
    return x.but(shape=shape, last=last, broken_layout=False)


def _size(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    axis = args.get(0, "dim")
    if x.shape is None:
        return Unknown("size")
    if axis is None:
        return x.shape
    number = as_int(axis)
    return (
        x.shape[number] if number is not None and -len(x.shape) <= number < len(x.shape) else Unknown("size")
    )


def _numel(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return Unknown("numel") if x.shape is None else product(x.shape)


def _squeeze(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    axis = args.get(0, "dim")
    if x.shape is None:
        return x
    if axis is None:
        return x.but(shape=tuple(dim for dim in x.shape if dim != 1))
    number = as_int(axis)
    if number is None or not -len(x.shape) <= number < len(x.shape):
        return x.but(shape=None)
    number %= len(x.shape)
    if x.shape[number] == 1:
        return x.but(shape=x.shape[:number] + x.shape[number + 1 :])
    return x if isinstance(x.shape[number], int) else x.but(shape=None)


def _unsqueeze(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    number = as_int(args.get(0, "dim"))
    if x.shape is None or number is None:
        return x.but(shape=None)
    place = number if number >= 0 else len(x.shape) + 1 + number
    return x.but(shape=(*x.shape[:place], 1, *x.shape[place:]))


def _permute(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    order = [as_int(one) for one in (_wanted(args) or [])]
    if "dims" in args.kw:
        order = [as_int(one) for one in (sequence(args.kw["dims"]) or [])]
    if x.shape is None or len(order) != len(x.shape) or any(one is None for one in order):
        return x.but(shape=None, broken_layout=False)
    shape = x.shape
    turned = tuple(shape[one] for one in order if one is not None and -len(shape) <= one < len(shape))
    if len(turned) != len(shape):
        return x.but(shape=None)
    return x.but(shape=turned, broken_layout=order != sorted(one for one in order if one is not None))


def _transpose(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:
    first, second = as_int(args.get(0, "dim0")), as_int(args.get(1, "dim1"))
    if x.array and not args.pos:
        return x.but(shape=x.shape[::-1] if x.shape else None)
    if x.array:
        return _permute(m, x, args, node)
    if x.shape is None or first is None or second is None:
        return x.but(shape=None)
    dims = list(x.shape)
    try:
        dims[first], dims[second] = dims[second], dims[first]
    except IndexError:
        return x.but(shape=None)
    return x.but(shape=tuple(dims), broken_layout=True)


def _expand(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    wanted = _wanted(args)
    if wanted is None or x.shape is None or len(wanted) < len(x.shape):
        return x.but(shape=None)
    padded = (fresh(),) * (len(wanted) - len(x.shape)) + x.shape
    dims = [
        old if one == -1 else one if isinstance(one, (int, Size)) else fresh()
        for one, old in zip(wanted, padded, strict=True)
    ]
    return x.but(shape=tuple(dims))


def _repeat(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    wanted = _wanted(args)
    if wanted is None or x.shape is None or len(wanted) != len(x.shape):
        return x.but(shape=None)
    dims = [
        times(old, one) if isinstance(one, (int, Size)) else fresh()
        for one, old in zip(wanted, x.shape, strict=True)
    ]
    return x.but(shape=tuple(dims))


def _unflatten(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return x.but(shape=None)


def concatenated(m: Machine, parts: list[Tensor], axis: object, node: ast.AST) -> Tensor:
    """``torch.cat``: one axis grows, the others must agree."""
    from cnngui.checker.source import tensors

    at = m.spot(node)
    graph, cut = tensors.graph_of(m, parts, at)
    first = parts[0]
    made = first.but(
        last=Op("cat", at, before=first.last), linear=None, graph=graph, cut=cut, role="", bends=None,
        made_of=tuple(dict.fromkeys(number for part in parts for number in part.made_of)), index_of=None,
    )  # fmt: skip
    number = as_int(axis)
    shapes = [part.shape for part in parts]
    known = [shape for shape in shapes if shape is not None]
    rank = len(known[0]) if known else 0
    if (
        number is None
        or len(known) != len(shapes)
        or any(len(s) != rank for s in known)
        or not -rank <= number < rank
    ):
        return made.but(shape=None)
    number %= rank
    dims = list(known[0])
    for shape in known[1:]:
        for index in range(rank):
            if (
                index != number
                and isinstance(dims[index], int)
                and isinstance(shape[index], int)
                and dims[index] != shape[index]
            ):
                m.facts.faults.append(
                    ShapeFault("cat", at, dims[index], shape[index], known[0], value=first, other=shape)
                )
                return made.but(shape=None)
    lengths = [shape[number] for shape in known]
    if all(isinstance(one, int) for one in lengths):
        dims[number] = sum(one for one in lengths if isinstance(one, int))
    else:
        dims[number] = fresh()
    return made.but(shape=tuple(dims))


def stacked(m: Machine, parts: list[Tensor], axis: object, node: ast.AST) -> Tensor:  # noqa: ARG001
    """``torch.stack``: a new axis."""
    number = as_int(axis)
    first = parts[0]
    made_of = tuple(dict.fromkeys(number for part in parts for number in part.made_of))
    made = first.but(made_of=made_of, linear=None)
    if first.shape is None or number is None or any(part.shape != first.shape for part in parts):
        return made.but(shape=None)
    place = number if number >= 0 else len(first.shape) + 1 + number
    return made.but(shape=(*first.shape[:place], len(parts), *first.shape[place:]))


def _split(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    sizes = args.get(0, "split_size_or_sections")
    axis = as_int(args.get(1, "dim", 0)) or 0
    listed = sequence(sizes)
    if listed is not None and all(isinstance(one, int) for one in listed):
        return tuple(x.but(shape=with_axis(x.shape, axis, lambda _, one=one: one)) for one in listed)  # type: ignore[misc]
    return ListV([x.but(shape=None)], True)


def _unbind(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    axis = as_int(args.get(0, "dim", 0)) or 0
    if x.shape is None or not -len(x.shape) <= axis < len(x.shape):
        return ListV([x.but(shape=None)], True)
    axis %= len(x.shape)
    part = x.but(shape=x.shape[:axis] + x.shape[axis + 1 :])
    count = x.shape[axis]
    return tuple([part] * count) if isinstance(count, int) and count <= 64 else ListV([part], True)


def _reshape_as(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:
    other = args.get(0, "other")
    shape = other.shape if isinstance(other, Tensor) else None
    return x.but(shape=None) if shape is None else viewed(m, x, list(shape), node)


def _expand_as(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    other = args.get(0, "other")
    return x.but(shape=other.shape if isinstance(other, Tensor) else None)


def _same(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return x


TABLE: dict[str, Handler] = {
    "view": _view(True), "reshape": _view(False), "view_as": _reshape_as, "reshape_as": _reshape_as,
    "flatten": _flatten, "ravel": lambda m, x, args, node: flattened(m, x, 0, -1, node),  # noqa: ARG005
    "unflatten": _unflatten, "size": _size, "numel": _numel, "squeeze": _squeeze, "unsqueeze": _unsqueeze,
    "unsqueeze_": _unsqueeze, "permute": _permute, "transpose": _transpose, "swapaxes": _transpose,
    "t": lambda m, x, args, node: x.but(shape=x.shape[::-1] if x.shape else None),  # noqa: ARG005
    "expand": _expand, "repeat": _repeat, "split": _split, "unbind": _unbind, "flip": _same, "roll": _same,
    "expand_as": _expand_as,
}  # fmt: skip
