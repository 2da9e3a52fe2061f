"""What each layer makes of a tensor: its shape by PyTorch's formulas, and its tags."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from cnngui.checker.source import losses, reshaping, tensor_ops, tensors, zoo_call
from cnngui.checker.source.facts import DropoutUse, LayerUse, ShapeFault
from cnngui.checker.source.sizes import Dim, Shape, Size, differ, fresh, times
from cnngui.checker.source.values import Layer, Op, Tensor, Unknown, as_int, sequence

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Machine

Handler = Callable[["Machine", Layer, Tensor, ast.AST], object]


def pair(value: object, rank: int = 2) -> tuple[int | None, ...]:
    """A size argument per axis: ``3`` means 3 for every axis; None where it is not known."""
    listed = sequence(value)
    if listed is not None:
        return tuple(as_int(one) for one in listed) if len(listed) == rank else (None,) * rank
    return (as_int(value),) * rank


def window(m: Machine, size: Dim, kernel: int | None, stride: int | None, padding: int | None,
    dilation: int | None,
           *, ceil: bool = False) -> Dim | None:  # fmt: skip
    """The length of an axis after a sliding window; None if the window does not fit.

    ``floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1``, as torch.nn.Conv2d has it.
    """
    if kernel is None or stride is None or padding is None or dilation is None or stride <= 0:
        return fresh()
    if not isinstance(size, int):
        span = dilation * (kernel - 1)
        if stride == 1 and span == 2 * padding:
            return size
        return m.size_of(("window", size, kernel, stride, padding, dilation, ceil))
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        return None
    steps = -(-room // stride) if ceil else room // stride
    if ceil and steps * stride >= size + padding:
        steps -= 1
    return steps + 1


def fault(m: Machine, kind: str, layer: Layer, x: Tensor, want: Dim | None, have: Dim | None, node: ast.AST,
          detail: str = "") -> Tensor:  # fmt: skip
    """Note a misfit; what comes out is unknown, so that one cause gives one finding."""
    at = m.used_at(node, layer)
    m.facts.faults.append(ShapeFault(kind, at, want, have, x.shape, layer, x, None, detail))
    return Tensor(None, "float", Op("fault", at, layer), net=x.net, graph=None)


def learned(m: Machine, layer: Layer, x: Tensor, shape: Shape | None, kind: str, node: ast.AST) -> Tensor:
    """The output of a layer with weights."""
    at = m.used_at(node, layer)
    graph: str | None = "on"
    cut = None
    if layer.state.get("frozen"):
        graph, cut = (x.graph, x.cut)
    if m.grad is False:
        graph, cut = "cut", Op("no_grad", at)
    elif m.grad is None or layer.state.get("frozen", False) is None:
        graph = None
    op = Op(kind, at, layer, x.last)
    made = x.but(shape=shape, dtype="float", last=op, linear=op if kind in {"conv", "linear"} else x.linear,
        role="",
                 graph=graph, cut=cut, range=None, classes=None, index_of=None, onehot=False, random=False,
                 broken_layout=False, data=x.data)  # fmt: skip
    m.facts.layers.append(LayerUse(at, kind, layer, x, made))
    return made


def _conv(rank: int) -> Handler:
    def run(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:
        if x.shape is not None and len(x.shape) == 2 and rank == 2:
            return learned(m, layer, x, None, "conv", node)
        return _conv_known(m, layer, x, node, rank)

    return run


def _conv_known(m: Machine, layer: Layer, x: Tensor, node: ast.AST, rank: int) -> object:
    wanted, out = layer.config.get("in_channels"), layer.config.get("out_channels")
    width: Dim = out if isinstance(out, (int, Size)) else fresh()
    if x.shape is None or len(x.shape) not in {rank + 1, rank + 2}:
        return learned(m, layer, x, (fresh("N"), width, *(fresh() for _ in range(rank))), "conv", node)
    axis = len(x.shape) - rank - 1
    have = x.shape[axis]
    if isinstance(wanted, int) and differ(wanted, have):
        kind = "input-channel" if x.role == "input" else "conv-channel"
        return fault(m, kind, layer, x, wanted, have, node)
    dims = list(x.shape)
    dims[axis] = width
    settings = [
        pair(layer.config.get(name), rank) for name in ("kernel_size", "stride", "padding", "dilation")
    ]
    for index in range(rank):
        kernel, stride, padding, dilation = (one[index] for one in settings)
        old = x.shape[axis + 1 + index]
        if layer.config.get("padding") == "same":
            continue
        if layer.config.get("padding") == "valid":
            padding = 0
        new = window(m, old, kernel, stride, padding, dilation)
        if new is None:
            return fault(m, "collapse", layer, x, kernel, old, node)
        dims[axis + 1 + index] = new
    return learned(m, layer, x, tuple(dims), "conv", node)


def _conv_transpose(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:
    wanted, out = layer.config.get("in_channels"), layer.config.get("out_channels")
    width: Dim = out if isinstance(out, (int, Size)) else fresh()
    if x.shape is None or len(x.shape) != 4:
        return learned(m, layer, x, None, "conv", node)
    if isinstance(wanted, int) and differ(wanted, x.shape[1]):
        return fault(m, "conv-channel", layer, x, wanted, x.shape[1], node)
    names = ("kernel_size", "stride", "padding", "output_padding", "dilation")
    settings = [pair(layer.config.get(name)) for name in names]
    dims: list[Dim] = [x.shape[0], width]
    for index in range(2):
        kernel, stride, padding, extra, dilation = (one[index] for one in settings)
        old = x.shape[2 + index]
        if None in {kernel, stride, padding, extra, dilation} or not isinstance(old, int):
            dims.append(fresh())
            continue
        assert kernel is not None and stride is not None and padding is not None  # noqa: PT018
        assert extra is not None and dilation is not None  # noqa: PT018
        dims.append((old - 1) * stride - 2 * padding + dilation * (kernel - 1) + extra + 1)
    return learned(m, layer, x, tuple(dims), "conv", node)


def _linear(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:
    wanted, out = layer.config.get("in_features"), layer.config.get("out_features")
    width: Dim = out if isinstance(out, (int, Size)) else fresh()
    if x.shape is None:
        return learned(m, layer, x, (fresh("n"), width), "linear", node)
    if not x.shape:
        return learned(m, layer, x, None, "linear", node)
    have = x.shape[-1]
    flat = x.last if x.last and x.last.kind == "flatten_all" and len(x.shape) == 1 else None
    if flat is not None and isinstance(wanted, int) and isinstance(have, Size):
        m.facts.faults.append(ShapeFault("view-batch", flat.at, wanted, have, x.shape, layer, x))
        return Tensor(None, "float", Op("fault", m.spot(node)), graph=None)
    if isinstance(wanted, int) and differ(wanted, have):
        kind = "flatten" if len(x.shape) == 4 else "input-width" if x.role == "input" else "fc"
        return fault(m, kind, layer, x, wanted, have, node)
    return learned(m, layer, x, (*x.shape[:-1], width), "linear", node)


FOREIGN_RANK = {"BatchNorm1d": 4, "BatchNorm2d": 2}
"""The number of axes that shows one batch norm was taken for the other."""


def _batch_norm(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:
    wanted = layer.config.get("num_features")
    if x.shape is not None and len(x.shape) >= 2 and isinstance(wanted, int) and differ(wanted, x.shape[1]):
        return fault(m, "bn", layer, x, wanted, x.shape[1], node)
    if x.shape is not None and len(x.shape) == FOREIGN_RANK.get(layer.kind):
        return fault(m, "bn-rank", layer, x, None, len(x.shape), node)
    made = learned(m, layer, x, x.shape, "bn", node)
    return made.but(linear=x.linear, bends=None)


def _norm(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:
    wanted = layer.config.get("num_channels")
    if x.shape is not None and len(x.shape) >= 2 and isinstance(wanted, int) and differ(wanted, x.shape[1]):
        return fault(m, "bn", layer, x, wanted, x.shape[1], node)
    return learned(m, layer, x, x.shape, "norm", node).but(linear=None, bends=None)


def _pool(averages: bool) -> Handler:
    def run(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:
        if x.shape is None or len(x.shape) not in {3, 4}:
            return pooled(m, layer, x, None, node, averages)
        kernel = pair(layer.config.get("kernel_size"))
        stride = kernel if layer.config.get("stride") is None else pair(layer.config.get("stride"))
        padding, dilation = pair(layer.config.get("padding", 0)), pair(layer.config.get("dilation", 1))
        ceil = layer.config.get("ceil_mode") is True
        dims = list(x.shape)
        for index in range(2):
            old = x.shape[len(dims) - 2 + index]
            new = window(m, old, kernel[index], stride[index], padding[index], dilation[index], ceil=ceil)
            if new is None or new == 0:
                return fault(m, "collapse", layer, x, kernel[index], old, node)
            dims[len(dims) - 2 + index] = new
        return pooled(m, layer, x, tuple(dims), node, averages)

    return run


def pooled(
    m: Machine, layer: Layer | None, x: Tensor, shape: Shape | None, node: ast.AST, averages: bool
) -> Tensor:
    """The output of pooling. Logits that are averaged stay logits."""
    at = m.used_at(node, layer)
    keeps = averages and x.kind in {"linear", "conv", "bn"}
    last = x.last if keeps else Op("pool", at, layer, x.last)
    made = x.but(shape=shape, last=last, range=x.range if x.role == "input" else None)
    m.facts.layers.append(LayerUse(at, "avg_pool" if averages else "max_pool", layer, x, made))
    return made


def _adaptive(averages: bool) -> Handler:
    def run(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:
        asked = layer.config.get("output_size")
        listed = sequence(asked) or [asked, asked]
        if x.shape is None or len(x.shape) < 3 or len(listed) != 2:
            known = (
                tuple(one if isinstance(one, int) else fresh() for one in listed)
                if len(listed) == 2
                else None
            )
            shape = (fresh("n"), fresh(), *known) if known and x.shape is None else None
            return pooled(m, layer, x, shape, node, averages)
        ends = zip(listed, x.shape[-2:], strict=True)
        tail: Shape = tuple(
            old if one is None else one if isinstance(one, (int, Size)) else fresh() for one, old in ends
        )
        return pooled(m, layer, x, x.shape[:-2] + tail, node, averages)

    return run


def _pool_1d(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:
    asked = layer.config.get("output_size")
    shape = (*x.shape[:-1], asked) if x.shape and isinstance(asked, int) else None
    return pooled(m, layer, x, shape, node, "Avg" in layer.kind)


def _flatten(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:
    start, end = as_int(layer.config.get("start_dim")), as_int(layer.config.get("end_dim"))
    made = reshaping.flattened(m, x, start, end, node)
    if made.last is not None and made.last.kind == "flatten_all" and made.last is not x.last:
        return made.but(last=Op("flatten_all", layer.at, layer, x.last))
    return made


def _unflatten(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:  # noqa: ARG001
    sizes = sequence(layer.config.get("unflattened_size"))
    if x.shape is not None and layer.config.get("dim") == 1 and sizes and len(x.shape) == 2:
        return x.but(shape=(x.shape[0], *(one if isinstance(one, int) else fresh() for one in sizes)))
    return x.but(shape=None)


def _activation(kind: str) -> Handler:
    def run(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:
        return tensor_ops.activate(m, x, kind, node, layer)

    return run


def _softmax(kind: str) -> Handler:
    def run(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:
        return tensor_ops.soften(m, x, kind, layer.config.get("dim"), node, layer)

    return run


def _dropout(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:
    if layer.born and layer.config.get("p") != 0:
        m.facts.dropouts.append(DropoutUse(m.used_at(node, layer), "made in forward", False))
    return x


def _upsample(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:  # noqa: ARG001
    if x.shape is None or len(x.shape) != 4:
        return x.but(shape=None, linear=None)
    factor, size = layer.config.get("scale_factor"), layer.config.get("size")
    if isinstance(factor, int):
        tail: Shape = (times(x.shape[2], factor), times(x.shape[3], factor))
    else:
        tail = tuple(one if isinstance(one, int) else fresh() for one in pair(size))
    return x.but(shape=x.shape[:2] + tail, last=Op("other", x.last.at) if x.last else None)


def _pad(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:  # noqa: ARG001
    given = layer.config.get("padding")
    sides = pair(given, 4)
    if x.shape is None or len(x.shape) < 2 or None in sides:
        return x.but(shape=None if x.shape is None else (*x.shape[:-2], fresh(), fresh()))
    left, right, top, bottom = (one or 0 for one in sides)
    height, width = x.shape[-2:]
    grown = (_plus(height, top + bottom), _plus(width, left + right))
    return x.but(shape=x.shape[:-2] + grown)


def _plus(dim: Dim, extra: int) -> Dim:
    return dim + extra if isinstance(dim, int) else dim if not extra else fresh()


def _unknown_inside(kind: str) -> Handler:
    def run(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:
        return learned(m, layer, x, x.shape if kind == "same" else None, "other", node).but(
            linear=None, bends=None
        )

    return run


def _embedding(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:
    width = as_int(layer.config.get("embedding_dim"))
    shape = (*x.shape, width) if x.shape is not None and width else None
    return learned(m, layer, x, shape, "other", node).but(linear=None)


def _several(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:
    made = learned(m, layer, x, None, "other", node).but(linear=None, bends=None)
    return (made, Unknown())


TABLE: dict[str, Handler] = {
    "Conv1d": _conv(1), "Conv2d": _conv(2), "Conv3d": _conv(3), "LazyConv1d": _conv(1),
    "LazyConv2d": _conv(2),
    "ConvTranspose2d": _conv_transpose, "ConvTranspose1d": _unknown_inside("unknown"), "Linear": _linear,
    "LazyLinear": _linear, "Bilinear": _unknown_inside("unknown"),
    **dict.fromkeys(("BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "SyncBatchNorm", "LazyBatchNorm1d",
    "LazyBatchNorm2d"),
                    _batch_norm),
    "LayerNorm": _norm, "GroupNorm": _norm, "InstanceNorm2d": _norm, "LocalResponseNorm": _norm,
    "RMSNorm": _norm,
    "MaxPool2d": _pool(False), "AvgPool2d": _pool(True), "LPPool2d": _pool(True),
    "AdaptiveAvgPool2d": _adaptive(True), "AdaptiveMaxPool2d": _adaptive(False),
    "AdaptiveAvgPool1d": _pool_1d, "AdaptiveMaxPool1d": _pool_1d,
    "MaxPool1d": lambda m, layer, x, node: pooled(m, layer, x, None, node, False),
    "AvgPool1d": lambda m, layer, x, node: pooled(m, layer, x, None, node, True),
    "Flatten": _flatten, "Unflatten": _unflatten, "Identity": lambda m, layer, x, node: x,  # noqa: ARG005
    **dict.fromkeys(("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout",
    "FeatureAlphaDropout"), _dropout),
    **dict.fromkeys(("ReLU", "ReLU6", "LeakyReLU", "ELU", "CELU", "SELU", "GELU", "SiLU", "Mish",
    "Hardswish", "Softplus",
                     "PReLU", "RReLU", "Threshold", "GLU", "Tanhshrink", "Softshrink"), _activation("relu")),
    "Tanh": _activation("tanh"), "Hardtanh": _activation("tanh"), "Softsign": _activation("tanh"),
    "Sigmoid": _activation("sigmoid"), "Hardsigmoid": _activation("hardsigmoid"),
    "LogSigmoid": _activation("logsigmoid"),
    "Softmax": _softmax("softmax"), "Softmin": _softmax("softmax"), "LogSoftmax": _softmax("log_softmax"),
    "Softmax2d": _softmax("softmax"),
    **dict.fromkeys(("Upsample", "UpsamplingBilinear2d", "UpsamplingNearest2d"), _upsample),
    **dict.fromkeys(("ZeroPad2d", "ReflectionPad2d", "ReplicationPad2d", "ConstantPad2d"), _pad),
    **dict.fromkeys(("TransformerEncoder", "TransformerEncoderLayer"), _unknown_inside("same")),
    "ChannelShuffle": lambda m, layer, x, node: x,  # noqa: ARG005
    "Embedding": _embedding, **dict.fromkeys(("MultiheadAttention", "LSTM", "GRU", "RNN"), _several),
    "Stage": zoo_call.stage, "tv": zoo_call.network,
}  # fmt: skip


def apply(m: Machine, layer: Layer, given: object, node: ast.AST) -> object:
    """``layer(given)``."""
    m.facts.used_layers.add(id(layer))
    handler = TABLE.get(layer.kind)
    if handler is None or layer.kind in losses.KINDS:
        return Unknown(parent=given)
    return handler(m, layer, tensors.as_tensor(given), node)
