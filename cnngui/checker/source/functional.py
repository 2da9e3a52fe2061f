"""``torch.nn.functional``, ``torchvision.transforms.functional`` and reading pictures."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source import calls, layer_shapes, layers, losses, tensor_ops, tensors
from cnngui.checker.source.sizes import fresh
from cnngui.checker.source.values import Layer, Op, Pic, Range, Tensor, Thing, Unknown, as_int

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine

AS_LAYER = {
    "max_pool2d": "MaxPool2d", "avg_pool2d": "AvgPool2d", "adaptive_avg_pool2d": "AdaptiveAvgPool2d",
    "adaptive_max_pool2d": "AdaptiveMaxPool2d", "max_pool1d": "MaxPool1d", "avg_pool1d": "AvgPool1d",
    "adaptive_avg_pool1d": "AdaptiveAvgPool1d", "adaptive_max_pool1d": "AdaptiveMaxPool1d",
}  # fmt: skip


def call(m: Machine, name: str, args: Args, node: ast.AST) -> object:
    """``F.name(x, ...)``."""
    if name in losses.FUNCTIONS:
        return losses.function(m, name, args, node)
    x = tensors.as_tensor(args.get(0, "input"))
    rest = calls.Args(args.pos[1:], args.kw, args.star)
    if name in AS_LAYER:
        kind = AS_LAYER[name]
        layer = Layer(kind, layers.bind(layers.SIGNATURES[kind], rest), {}, {}, m.spot(node))
        return layer_shapes.TABLE[kind](m, layer, x, node)
    if name in {"softmax", "log_softmax"}:
        return tensor_ops.soften(m, x, name, tensor_ops.axis_of(rest), node)
    if name in tensor_ops.TABLE:
        return tensor_ops.apply(m, name, x, rest, node)
    if name == "interpolate":
        scale, size = rest.get(1, "scale_factor"), rest.get(0, "size")
        layer = Layer("Upsample", {"scale_factor": scale, "size": size}, {}, {}, m.spot(node))
        return layer_shapes.TABLE["Upsample"](m, layer, x, node)
    if name == "pad":
        layer = Layer("ZeroPad2d", {"padding": rest.get(0, "pad")}, {}, {}, m.spot(node))
        return layer_shapes.TABLE["ZeroPad2d"](m, layer, x, node)
    return _weighted(m, name, x, args, node)


def _weighted(m: Machine, name: str, x: Tensor, args: Args, node: ast.AST) -> Tensor:
    """Operations with the weights passed in: only the number of output channels can be known."""
    at = m.spot(node)
    kind = {"linear": "linear", "conv2d": "conv", "batch_norm": "norm"}.get(name, "other")
    weight = args.get(1, "weight")
    shape = None
    if kind == "norm":
        shape = x.shape
    elif kind in {"linear", "conv"} and isinstance(weight, Tensor) and weight.shape and x.shape:
        width = weight.shape[0]
        shape = (*x.shape[:-1], width) if kind == "linear" else (x.shape[0], width, fresh(), fresh())
    parts = [x, tensors.as_tensor(weight)]
    graph, cut = tensors.graph_of(m, parts, at)
    return x.but(
        shape=shape, last=Op(kind, at, None, x.last), linear=None, graph=graph, cut=cut, role="", range=None
    )


def picture(m: Machine, name: str, args: Args, node: ast.AST) -> object:
    """``TF.resize(image, ...)``: the class of the same name, applied at once."""
    from cnngui.checker.source import transforms

    kind = {"to_tensor": "ToTensor", "pil_to_tensor": "PILToTensor", "normalize": "Normalize",
        "resize": "Resize",
            "center_crop": "CenterCrop", "rgb_to_grayscale": "Grayscale", "to_grayscale": "Grayscale",
            "to_image": "ToImage", "to_dtype": "ToDtype", "convert_image_dtype": "ConvertImageDtype",
            "to_pil_image": "ToPILImage"}.get(name)  # fmt: skip
    value = args.get(0, "img", args.kw.get("inpt", args.kw.get("pic")))
    if kind is None:
        return (
            value
            if isinstance(value, (Pic, Tensor)) and name not in {"crop", "pad", "resized_crop"}
            else Unknown()
        )
    made = transforms.build(
        m, f"torchvision.transforms.{kind}", calls.Args(args.pos[1:], args.kw, args.star), node
    )
    return transforms.apply(m, made, value, node) if isinstance(made, Thing) else Unknown()


def read(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    """``torchvision.io.read_image``: bytes of shape (channels, height, width)."""
    name = path.rpartition(".")[2]
    if name in {"read_image", "decode_image", "decode_jpeg", "decode_png"}:
        mode = repr(args.get(1, "mode"))
        first = 3 if "RGB" in mode else 1 if "GRAY" in mode else fresh("c")
        return Tensor(
            (first, m.side(), m.side()), "uint8", role="input", range=Range("0-255", at=m.spot(node))
        )
    return Unknown(name)


def pil(m: Machine, path: str, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    """``Image.open`` and ``Image.new``."""
    name = path.rpartition(".")[2]
    if name == "open":
        return Pic(opened=True)
    if name == "new":
        return Pic(1 if args.get(0, "mode") == "L" else 3)
    if name == "fromarray":
        given = args.get(0, "obj")
        channels = (
            given.shape[-1] if isinstance(given, Tensor) and given.shape and len(given.shape) == 3 else None
        )
        return Pic(channels if isinstance(channels, int) and channels <= 4 else None)
    return Unknown(name)


def cv(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    """``cv2.imread`` and ``cv2.resize``: arrays of bytes with the channels last."""
    name = path.rpartition(".")[2]
    if name == "imread":
        flag = args.get(1, "flags")
        gray = flag == 0 or "GRAY" in repr(flag)
        shape = (m.side(), m.side()) if gray else (m.side(), m.side(), 3)
        return Tensor(shape, "uint8", role="input", range=Range("0-255", at=m.spot(node)), array=True)
    first = args.get(0, "src")
    if not isinstance(first, Tensor):
        return Unknown(name)
    if name == "cvtColor":
        shape_ = first.shape[:2] if "2GRAY" in repr(args.get(1, "code")) and first.shape else first.shape
        return first.but(shape=shape_)
    size = args.get(1, "dsize")
    if name == "resize" and isinstance(size, tuple) and len(size) == 2 and first.shape:
        width, height = as_int(size[0]), as_int(size[1])
        return first.but(shape=(height or fresh(), width or fresh(), *first.shape[2:]))
    return first if name in {"GaussianBlur", "flip"} else Unknown(name)


def picture_method(m: Machine, value: Pic, name: str, args: Args) -> object:
    """A method of a PIL picture."""
    if name == "convert":
        mode = args.get(0, "mode")
        channels = (
            {"L": 1, "1": 1, "RGB": 3, "RGBA": 4, "CMYK": 4, "LA": 2}.get(mode)
            if isinstance(mode, str)
            else None
        )
        return Pic(channels, value.size, value.data, value.opened)
    if name == "resize":
        size = args.get(0, "size")
        known = (
            size
            if isinstance(size, tuple) and len(size) == 2 and all(isinstance(o, int) for o in size)
            else None
        )
        return Pic(value.channels, (known[1], known[0]) if known else None, value.data)
    if name in {"crop", "thumbnail", "rotate"}:
        return Pic(value.channels, None, value.data)
    return value if name in {"copy", "transpose", "filter"} and m is not None else Unknown(name)
