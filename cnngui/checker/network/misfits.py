"""What stopped an operation: two sizes that do not fit, found from its arguments."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from cnngui.checker.network import operations as ops
from cnngui.checker.network.facts import Fault, Shape, Tag

Given = Sequence[tuple[Tensor, Tag | None]]


def fault_of(
    name: str, args: tuple[Any, ...], kwargs: dict[str, Any], given: Given, path: str, error: Exception
) -> Fault:
    """What kind of misfit made the operation raise `error`; "other" where it is none that is known."""
    text = (str(error).strip() or type(error).__name__).splitlines()[0][:300]
    value, tag = next(((value, tag) for value, tag in given if tag is not None), (None, None))
    shape = tuple(value.shape) if value is not None else ()
    kind, want, have, other = _misfit(name, args, kwargs, given, shape, tag or Tag())
    feature_map = tag.feature_map if tag is not None else None
    if isinstance(error, AssertionError) or name == "assert":
        kind = "assert"
    return Fault(kind, path, _layer_text(name, given, path), want, have, shape, other, feature_map, text)


def _misfit(
    name: str, args: tuple[Any, ...], kwargs: dict[str, Any], given: Given, shape: Shape, tag: Tag
) -> tuple[str, int, int, Shape]:
    """(kind, wanted, had, the other shape)"""
    weight = next((tuple(one.shape) for one, history in given if history is None and one.ndim > 1), ())
    if name in ops.CONVOLUTIONS and "transpose" not in name:
        return _conv_misfit(args, kwargs, shape, weight, tag)
    if name == "linear" and shape and weight and shape[-1] != weight[-1]:
        return ("fc" if len(shape) == 2 else "flatten"), weight[-1], shape[-1], weight
    if name in ops.NORMS and len(shape) > 1:
        made_for = next((one.shape[0] for one, history in given if history is None and one.ndim == 1), 0)
        if made_for and made_for != shape[1]:
            return "bn", made_for, shape[1], ()
    if name in ops.POOLS and len(shape) > 2:
        window = _argument(args, kwargs, 1, "kernel_size")
        return "collapse", _largest(window), min(shape[2:]), ()
    shapes = [tuple(one.shape) for one, history in given if history is not None]
    if name in ops.JOINS and len(shapes) > 1:
        axis = _argument(args, kwargs, 1, "dim") if name == "cat" else None
        return _join_misfit(shapes, axis if isinstance(axis, int) else 0, cat=name == "cat")
    if name in ops.RESHAPES or name == "unflatten":
        return "view", 0, 0, tuple(one for one in _flat(args[1:]) if isinstance(one, int))
    return "other", 0, 0, ()


def _conv_misfit(
    args: tuple[Any, ...], kwargs: dict[str, Any], shape: Shape, weight: Shape, tag: Tag
) -> tuple[str, int, int, Shape]:
    groups = _argument(args, kwargs, 6, "groups")
    rank = len(weight) - 2
    if len(shape) != rank + 2:
        return "other", 0, 0, weight
    wanted = weight[1] * (groups if isinstance(groups, int) else 1)
    if shape[1] != wanted:
        return ("input-channel" if tag.of_input else "conv-channel"), wanted, shape[1], weight
    return "collapse", max(weight[2:]), min(shape[2:]), weight


def _join_misfit(shapes: list[Shape], axis: int, *, cat: bool) -> tuple[str, int, int, Shape]:
    first = shapes[0]
    for other in shapes[1:]:
        pairs = list(zip(first, other, strict=False) if cat else zip(first[::-1], other[::-1], strict=False))
        for number, (one, two) in enumerate(pairs):
            fits = number == axis % max(1, len(first)) if cat else 1 in (one, two)
            if one != two and not fits:
                return ("cat" if cat else "residual"), one, two, other
    return ("cat" if cat else "residual"), 0, 0, shapes[1]


def _layer_text(name: str, given: Given, path: str) -> str:
    """The layer in words, with its sizes."""
    weight = next((tuple(one.shape) for one, tag in given if tag is None and one.ndim > 1), ())
    text = name
    if name == "linear" and weight:
        text = f"Linear({weight[1]}, {weight[0]})"
    elif name in ops.CONVOLUTIONS and weight:
        kernel = "×".join(map(str, weight[2:]))
        text = f"Conv{len(weight) - 2}d with a {kernel} kernel"
    elif name in ops.NORMS:
        text = "".join(part.capitalize() for part in name.split("_"))
    elif name in ops.POOLS:
        text = "".join(part.capitalize() for part in name.split("_")).replace("2d", "2d")
    return f"{path} = {text}" if path else text


def _argument(args: tuple[Any, ...], kwargs: dict[str, Any], place: int, name: str) -> Any:
    if name in kwargs:
        return kwargs[name]
    return args[place] if place < len(args) else None


def _largest(window: object) -> int:
    return max((one for one in _flat((window,)) if isinstance(one, int)), default=0)


def _flat(values: Any) -> list[Any]:
    out: list[Any] = []
    for value in values:
        if isinstance(value, tuple | list):
            out.extend(_flat(value))
        else:
            out.append(value)
    return out
