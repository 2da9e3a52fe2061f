"""Operations on tensors by name: the same table serves ``x.relu()``, ``torch.relu(x)`` and ``F.relu(x)``."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from cnngui.checker.source import reshaping, tensors
from cnngui.checker.source.facts import AxisCall, DropoutUse, LayerUse
from cnngui.checker.source.sizes import Dim, fresh
from cnngui.checker.source.values import (
    Layer,
    ListV,
    Op,
    Range,
    Tensor,
    Unknown,
    as_int,
    sequence,
)

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine

Handler = Callable[["Machine", Tensor, "Args", ast.AST], object]

ACTIVATIONS = {
    "relu": "relu", "relu_": "relu", "relu6": "relu", "leaky_relu": "relu", "leaky_relu_": "relu",
    "prelu": "relu",
    "rrelu": "relu", "elu": "relu", "elu_": "relu", "celu": "relu", "selu": "relu", "gelu": "relu",
    "silu": "relu",
    "mish": "relu", "hardswish": "relu", "softplus": "relu", "threshold": "relu", "hardtanh": "tanh",
    "softsign": "tanh", "sigmoid": "sigmoid", "sigmoid_": "sigmoid", "hardsigmoid": "hardsigmoid",
    "logsigmoid": "logsigmoid", "tanh": "tanh", "tanh_": "tanh", "glu": "relu", "swish": "relu",
}  # fmt: skip
SATURATING = frozenset({"sigmoid", "tanh"})
KEEPS = frozenset({
    "cuda", "cpu", "clone", "to", "float", "half", "double", "bfloat16", "type", "type_as", "requires_grad_",
    "clamp_min", "contiguous", "pin_memory", "share_memory_", "squeeze_", "copy", "retain_grad",
    "resolve_conj",
})  # fmt: skip
"""Methods after which the values are the same, whatever their type or device."""


def activate(m: Machine, x: Tensor, kind: str, node: ast.AST, layer: Layer | None = None) -> Tensor:
    """An activation: no longer linear; saturating ones are counted."""
    at = m.used_at(node, layer)
    bends = x.bends
    if kind in SATURATING:
        count = bends[1] if bends and bends[0] == kind else 0
        bends = (kind, count + 1, at)
    made = x.but(
        last=Op(kind, at, layer, x.last), linear=None, bends=bends, role="", range=None, onehot=False
    )
    m.facts.layers.append(LayerUse(at, kind, layer, x, made))
    return made


def soften(
    m: Machine, x: Tensor, kind: str, axis: object, node: ast.AST, layer: Layer | None = None
) -> Tensor:
    """Softmax or log-softmax over an axis."""
    at = m.used_at(node, layer)
    m.facts.axes.append(AxisCall(at if layer is None else layer.at, kind, x, axis))
    made = x.but(last=Op(kind, at, layer, x.last), linear=None, role="", range=None, onehot=False)
    m.facts.layers.append(LayerUse(at, kind, layer, x, made))
    return made


def axis_of(args: Args, position: int = 0) -> object:
    """The axis of a call: ``dim`` or ``axis``."""
    return args.kw.get("axis", args.get(position, "dim"))


def matmul(m: Machine, left: Tensor, right: Tensor, node: ast.AST) -> Tensor:
    """``a @ b``: the last axis of the right side replaces that of the left."""
    at = m.spot(node)
    graph, cut = tensors.graph_of(m, [left, right], at)
    shape = None
    if left.shape and right.shape and len(right.shape) >= 2:
        shape = (*left.shape[:-1], right.shape[-1])
    return Tensor(shape, "float", Op("matmul", at, before=left.last), net=left.net, graph=graph, cut=cut)


def _softmax(kind: str) -> Handler:
    def run(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:
        return soften(m, x, kind, axis_of(args), node)

    return run


def _activation(kind: str) -> Handler:
    def run(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
        return activate(m, x, kind, node)

    return run


def _dropout(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:
    training, share = args.get(1, "training", True), args.get(0, "p", 0.5)
    handed_in = isinstance(share, Unknown) and m.frame.this is None  # by a caller who may say 0
    if training is True and share != 0 and not handed_in and not args.star:
        explicit = "training" in args.kw or len(args.pos) > 1
        m.facts.dropouts.append(DropoutUse(m.spot(node), "functional", explicit))
    return x


def _log(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    kind = "log_softmax" if x.kind == "softmax" else "logsigmoid" if x.kind == "sigmoid" else "other"
    return x.but(last=Op(kind, m.spot(node), None, x.last), linear=None, role="")


def _exp(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    kind = "softmax" if x.kind == "log_softmax" else "other"
    return x.but(last=Op(kind, m.spot(node), None, x.last), linear=None, role="")


def _other(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return x.but(last=Op("other", m.spot(node), None, x.last), linear=None, role="", range=None)


def _reduce(keeps_values: bool) -> Handler:
    def run(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:
        axis = axis_of(args)
        shape = reshaping.reduced(x.shape, axis, args.get(1, "keepdim", False))
        linear = x.linear if keeps_values else None
        keeps = keeps_values and x.kind in {"linear", "conv", "bn"} and axis is not None
        last = x.last if keeps else Op("pool", m.spot(node), None, x.last)
        return x.but(shape=shape, linear=linear, last=last, role="", index_of=None, onehot=False)

    return run


def _max(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:
    axis = axis_of(args)
    if axis is None:
        return x.but(shape=(), index_of=None)
    if isinstance(axis, Tensor):
        return tensors.binary(m, ast.Add, x, axis, node)
    shape = reshaping.reduced(x.shape, axis, args.get(1, "keepdim", False))
    m.facts.axes.append(AxisCall(m.spot(node), "max", x, axis))
    picked = Tensor(
        shape,
        "int",
        Op("argmax", m.spot(node), None, x.last),
        graph=_cut(x),
        cut=_cut_op(m, x, node),
        index_of=x,
    )
    return (x.but(shape=shape), picked)


def _cut(x: Tensor) -> str | None:
    return "cut" if x.graph == "on" else x.graph


def _cut_op(m: Machine, x: Tensor, node: ast.AST) -> Op | None:
    return Op("argmax", m.spot(node)) if x.graph == "on" else x.cut


def _argmax(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:
    axis = axis_of(args)
    at = m.spot(node)
    m.facts.axes.append(AxisCall(at, "argmax", x, axis))
    shape = () if axis is None else reshaping.reduced(x.shape, axis, args.get(1, "keepdim", False))
    return Tensor(
        shape, "int", Op("argmax", at, None, x.last), graph=_cut(x), cut=_cut_op(m, x, node), index_of=x
    )


def _topk(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:
    count = as_int(args.get(0, "k"))
    last: Dim = count if count is not None else fresh()
    shape = (*x.shape[:-1], last) if x.shape else None
    at = m.spot(node)
    picked = Tensor(
        shape, "int", Op("argmax", at, None, x.last), graph=_cut(x), cut=_cut_op(m, x, node), index_of=x
    )
    return (x.but(shape=shape), picked)


def _detach(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return x.but(graph="cut", cut=Op("detach", m.spot(node))) if x.graph == "on" else x


def _item(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    cut = Op("item", m.spot(node)) if x.graph == "on" else x.cut
    return x.but(shape=(), graph="cut" if x.graph == "on" else x.graph, cut=cut, number=True)


def _numpy(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    cut = Op("numpy", m.spot(node)) if x.graph in {"on", "cut"} else x.cut
    return x.but(graph="cut" if x.graph == "on" else x.graph, cut=cut, array=True)


def _whole(kind: str) -> Handler:
    def run(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
        return x.but(dtype=kind, graph=_cut(x), cut=_cut_op(m, x, node))

    return run


def _float(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    given = x.range
    if given is not None and given.kind == "0-255" and not m.forward_depth:
        given = Range("0-255", at=m.spot(node))
    return x.but(dtype="float", range=given, broken_layout=False)


def _scatter(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    index, value = args.get(1, "index"), args.get(2, "value", args.kw.get("src"))
    return x.but(onehot=isinstance(index, Tensor) and index.role == "target" and value in {1})


def _keep(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return x.but(broken_layout=False) if x.broken_layout else x


def _backward(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    m.facts.backward.append(x)
    m.facts.backward_numbers.update(x.made_of)
    m.event("backward", node, x, x)
    return None


def _zero(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    m.event("zero_grad", node, x)
    return x


def _one_hot(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    count = as_int(args.get(0, "num_classes"))
    width: Dim = count if count is not None and count > 0 else fresh()
    return x.but(shape=(*x.shape, width) if x.shape is not None else None, onehot=True, dtype="int")


def _cat(m: Machine, parts: list[object], axis: object, node: ast.AST) -> object:
    return reshaping.concatenated(m, [tensors.as_tensor(one) for one in parts], axis, node)


def join_many(m: Machine, name: str, args: Args, node: ast.AST) -> object:
    """``torch.cat`` and ``torch.stack``."""
    given = args.get(0, "tensors")
    parts = sequence(given)
    axis = args.kw.get("axis", args.get(1, "dim", 0))
    if not parts:
        items = given.items if isinstance(given, ListV) else []
        first = next((one for one in items if isinstance(one, Tensor)), None)
        made_of = first.made_of if first is not None else ()
        same = first.but(shape=None, linear=None) if first is not None else Tensor(None, None, graph=None)
        return same.but(made_of=made_of)
    if name in {"stack", "vstack", "hstack", "dstack"}:
        return reshaping.stacked(m, [tensors.as_tensor(one) for one in parts], axis, node)
    return _cat(m, parts, axis, node)


def _chunk(m: Machine, x: Tensor, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    count = as_int(args.get(0, "chunks"))
    if count is None or count > 64:
        return m.new_list([x.but(shape=None)], is_open=True)
    axis = as_int(args.kw.get("axis", args.get(1, "dim", 0))) or 0
    part = x.but(shape=reshaping.with_axis(x.shape, axis, lambda dim: reshaping.shared(dim, count)))
    return tuple([part] * count)


TABLE: dict[str, Handler] = {
    **{name: _activation(kind) for name, kind in ACTIVATIONS.items()},
    "softmax": _softmax("softmax"), "log_softmax": _softmax("log_softmax"), "softmin": _softmax("softmax"),
    "gumbel_softmax": _other,
    "dropout": _dropout, "dropout2d": _dropout, "dropout1d": _dropout, "alpha_dropout": _dropout,
    "feature_alpha_dropout": _dropout,
    "log": _log, "log10": _log, "log2": _log, "exp": _exp, "sqrt": _other, "square": _other, "pow": _other,
    "abs": _other, "cos": _other, "sin": _other, "clamp": _other, "clip": _other, "rsqrt": _other,
    "norm": _other,
    "normalize": _other, "erf": _other, "sign": _other, "round": _other, "floor": _other, "cumsum": _other,
    "mean": _reduce(True), "sum": _reduce(True), "nanmean": _reduce(True), "logsumexp": _reduce(False),
    "std": _reduce(False), "var": _reduce(False), "prod": _reduce(False), "amax": _reduce(False),
    "amin": _reduce(False),
    "max": _max, "min": _max, "argmax": _argmax, "topk": _topk,
    "detach": _detach, "detach_": _detach, "item": _item, "numpy": _numpy, "tolist": _numpy,
    "long": _whole("int"), "int": _whole("int"), "bool": _whole("bool"), "byte": _whole("int"),
    "short": _whole("int"),
    "backward": _backward, "zero_": _zero, "one_hot": _one_hot, "chunk": _chunk, "tensor_split": _chunk,
    **dict.fromkeys(KEEPS, _keep), "float": _float, "scatter_": _scatter, "scatter": _scatter,
    **reshaping.TABLE,
}  # fmt: skip
METHODS = frozenset({"mul", "add", "sub", "div", "matmul", "mm", "bmm", "eq", "add_", "mul_", "sub_",
    "div_", "ne",
                     "gt", "lt", "ge", "le", "append", "true_divide", "astype", "dim", "numel",
                     "__len__"})  # fmt: skip
OPERATORS: dict[str, type[ast.operator]] = {
    "mul": ast.Mult, "add": ast.Add, "sub": ast.Sub, "div": ast.Div, "add_": ast.Add, "mul_": ast.Mult,
    "sub_": ast.Sub, "div_": ast.Div, "true_divide": ast.Div, "multiply": ast.Mult, "subtract": ast.Sub,
}  # fmt: skip


def apply(m: Machine, name: str, x: Tensor, args: Args, node: ast.AST) -> object:
    """``x.name(*args)``."""
    handler = TABLE.get(name)
    if handler is not None:
        return handler(m, x, args, node)
    if name in OPERATORS:
        return tensors.binary(m, OPERATORS[name], x, args.get(0, "other"), node)
    if name in {"matmul", "mm", "bmm"}:
        return matmul(m, x, tensors.as_tensor(args.get(0, "mat2")), node)
    if name in {"eq", "ne", "gt", "lt", "ge", "le"}:
        return tensors.compared(m, x, args.get(0, "other"), node)
    if name == "astype":
        return _float(m, x, args, node) if "float" in repr(args.get(0, "dtype")) else x
    if name in {"dim", "ndimension"}:
        return Unknown() if x.shape is None else len(x.shape)
    return Tensor(None, None, Op("other", m.spot(node)), graph=x.graph if x.graph != "on" else None)
