"""Tensors and arrays made from nothing, and ``torch.*`` / ``numpy.*`` functions that work on tensors."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source import calls, tensor_ops, tensors
from cnngui.checker.source.sizes import Dim, Size, fresh
from cnngui.checker.source.values import (
    Layer,
    Lib,
    ListV,
    Obj,
    Op,
    Pic,
    Range,
    Tensor,
    Unknown,
    as_int,
    is_number,
    sequence,
)

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine

FILLED = frozenset({"randn", "rand", "zeros", "ones", "empty"})
SAME_SHAPE = frozenset({"zeros_like", "ones_like", "randn_like", "rand_like", "empty_like", "full_like"})
PASS_THROUGH = frozenset({"compile", "from_dlpack"})


def parameter(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    """``nn.Parameter(tensor)``: learned, of the tensor's shape."""
    given = args.get(0, "data")
    return (
        given.but(graph="on", role="", random=False)
        if isinstance(given, Tensor)
        else Tensor(None, graph="on")
    )


def shape_from(values: list[object]) -> tuple[Dim, ...] | None:
    """The shape written in a call: numbers, or one sequence of numbers."""
    if len(values) == 1:
        listed = sequence(values[0])
        if listed is not None:
            values = listed
        elif not isinstance(values[0], (int, Size)):
            return None
    return tuple(one if isinstance(one, (int, Size)) else fresh() for one in values)


def torch_function(m: Machine, name: str, args: Args, node: ast.AST) -> object:
    """``torch.name(...)``."""
    if name in FILLED:
        values = list(args.pos) or [args.kw.get("size")]
        return Tensor(shape_from(values), "float", role="input" if name in {"randn", "rand"} else "",
                      random=name in {"randn", "rand"}, range=Range("other"))  # fmt: skip
    if name == "randint":
        return _randint(args)
    if name in {"full", "arange", "linspace", "eye", "randperm"}:
        shape = shape_from([args.get(0, "size")]) if name == "full" else None
        return Tensor(shape, "int" if name in {"arange", "randperm"} else "float", random=name == "randperm")
    if name in {"tensor", "as_tensor", "from_numpy", "asarray", "Tensor", "FloatTensor", "LongTensor"}:
        return _from_data(m, name, args, node)
    if name in {"cat", "concat", "concatenate", "stack", "vstack", "hstack", "dstack"}:
        return tensor_ops.join_many(m, name, args, node)
    return _other_function(m, name, args, node)


def _other_function(m: Machine, name: str, args: Args, node: ast.AST) -> object:
    first = args.get(0, "input", args.kw.get("self"))
    if name in SAME_SHAPE:
        return Tensor(first.shape if isinstance(first, Tensor) else None, "float")
    if name in PASS_THROUGH:
        return first
    if name in {"device", "manual_seed", "save", "load", "set_float32_matmul_precision", "is_tensor"}:
        return Unknown(name)
    if isinstance(first, (Layer, Obj)):
        return Unknown(name)
    if isinstance(first, Tensor) or (isinstance(first, Unknown) and name in tensor_ops.TABLE):
        return tensor_ops.apply(
            m, name, tensors.as_tensor(first), calls.Args(args.pos[1:], args.kw, args.star), node
        )
    second = args.get(1, "other")
    if isinstance(second, Tensor):
        return Tensor(
            None, None, Op("other", m.spot(node)), graph=second.graph if second.graph != "on" else None
        )
    if name in {"einsum", "where", "baddbmm"}:
        return Tensor(None, None, Op("other", m.spot(node)), graph=None)
    return Unknown(name)


def _randint(args: Args) -> object:
    numbers = [one for one in args.pos if not isinstance(one, (tuple, ListV))]
    high = as_int(args.kw.get("high", numbers[1] if len(numbers) > 1 else numbers[0] if numbers else None))
    size = next((one for one in args.pos if isinstance(one, (tuple, ListV))), args.kw.get("size"))
    shape = shape_from([size]) if size is not None else None
    if shape is not None and len(shape) >= 3:
        kind = Range("0-255") if high in {255, 256} else None
        return Tensor(shape, "int", role="input", range=kind, random=True)
    role = "target" if shape is not None and len(shape) == 1 else ""
    return Tensor(shape, "int", role=role, classes=high, random=True)


def _from_data(m: Machine, name: str, args: Args, node: ast.AST) -> object:
    given = args.get(0, "data")
    if isinstance(given, Tensor):
        if name == "from_numpy":
            return given.but(array=False)
        if name == "tensor" and args.kw.get("requires_grad") is True and given.made_of:
            return given.but(graph="on", cut=None, last=Op("leaf", m.spot(node)), array=False, number=False)
        fresh_leaf = name == "tensor" and given.graph == "on"
        cut = Op("tensor", m.spot(node)) if fresh_leaf else given.cut
        return given.but(graph="cut" if fresh_leaf else given.graph, cut=cut, array=False)
    if isinstance(given, Pic):
        return _array_of(m, given, node).but(array=False)
    items = sequence(given)
    if items is not None and items and all(is_number(one) for one in items):
        kind = "float" if any(isinstance(one, float) for one in items) else "int"
        return Tensor((len(items),), kind)
    if is_number(given):
        return Tensor((), "float" if isinstance(given, float) else "int")
    if isinstance(given, ListV) and given.items and isinstance(given.items[0], Tensor):
        made = tensor_ops.join_many(m, "stack", args, node)
        first = given.items[0]
        if isinstance(made, Tensor) and first.graph == "on":
            return made.but(graph="cut", cut=Op("tensor", m.spot(node)))
        return made
    return Tensor(None, None, graph="" if not isinstance(given, Unknown) else None)


def _array_of(m: Machine, pic: Pic, node: ast.AST) -> Tensor:
    """``np.array(picture)``: (height, width, channels) bytes; gray pictures have two axes."""
    height, width = pic.size or (m.side(), m.side())
    shape: tuple[Dim, ...] | None = (height, width)
    if pic.channels != 1:
        shape = (height, width, pic.channels if pic.channels is not None else fresh("c"))
    if pic.channels is None:
        shape = None
    return Tensor(
        shape, "uint8", role="input", range=Range("0-255", at=m.spot(node)), data=pic.data, array=True
    )


def numpy_function(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    """``np.name(...)``."""
    name = path.rpartition(".")[2]
    first = args.get(0, "a", args.kw.get("object"))
    if name in {"array", "asarray", "ascontiguousarray"} and isinstance(first, Pic):
        made = _array_of(m, first, node)
        wanted = args.kw.get("dtype", args.get(1, "dtype"))
        return made.but(dtype="float") if isinstance(wanted, Lib) and "float" in wanted.path else made
    if name in {"array", "asarray", "float32", "ascontiguousarray"} and isinstance(first, Tensor):
        return first.but(array=True, dtype="float" if name == "float32" else first.dtype)
    if path.startswith("numpy.random."):
        values = [args.kw["size"]] if "size" in args.kw else list(args.pos)
        shape = shape_from(values) if name in {"rand", "randn"} or "size" in args.kw else None
        return Tensor(shape, "float", random=True, array=True)
    if isinstance(first, Tensor):
        if name == "expand_dims":
            name = "unsqueeze"
        return tensor_ops.apply(m, name, first, calls.Args(args.pos[1:], args.kw, args.star), node)
    if name in {"prod", "product"}:
        from cnngui.checker.source.python_lib import HANDLERS

        return HANDLERS["math.prod"](m, args, node)
    if name == "arange" and all(as_int(one) is not None for one in args.pos) and 0 < len(args.pos) < 4:
        from cnngui.checker.source.python_lib import HANDLERS

        return HANDLERS["builtins.range"](m, args, node)
    return Unknown(
        tag="loader-length"
        if any(isinstance(o, Unknown) and o.tag == "loader-length" for o in args.pos)
        else ""
    )
