"""What transforms do to size, channels, type and range of a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cnngui.checker.source.sizes import Dim, Shape, fresh
from cnngui.checker.source.values import Lib, Pic, Range, Spot, Tensor, Thing, Unknown, as_int, sequence

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Machine

Picture = Pic | Tensor
Handler = Callable[["Machine", Thing, Picture], object]


def floats(value: object, channels: int) -> tuple[float, ...] | None:
    """A mean or std argument as numbers, one per channel."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return (float(value),) * max(channels, 1)
    listed = sequence(value)
    if not listed or not all(isinstance(one, (int, float)) for one in listed):
        return None
    return tuple(float(one) for one in listed if isinstance(one, (int, float)))


def size_of(value: Picture) -> tuple[Dim, Dim] | None:
    if isinstance(value, Pic):
        return value.size
    return (value.shape[-2], value.shape[-1]) if value.shape and len(value.shape) >= 2 else None


def with_size(m: Machine, value: Picture, size: tuple[Dim, Dim] | None) -> Picture:  # noqa: ARG001
    """The picture at another size (None: not known)."""
    if isinstance(value, Pic):
        return Pic(value.channels, size, value.data)
    if value.shape is None or len(value.shape) < 2:
        return value
    return value.but(shape=value.shape[:-2] + (size or (fresh("h"), fresh("w"))))


def _asked(value: object) -> tuple[Dim, Dim] | None:
    """A size argument that fixes both sides."""
    listed = sequence(value)
    if listed is not None:
        if len(listed) == 1:
            return _asked(listed[0])
        if len(listed) == 2 and all(isinstance(one, int) for one in listed):
            height, width = (int(one) for one in listed if isinstance(one, int))
            return (height, width)
        return None
    number = as_int(value)
    return (number, number) if number is not None else None


def resize(m: Machine, transform: Thing, value: Picture) -> Picture:
    """``Resize``: one number sets the shorter side and keeps the proportions."""
    asked = transform.config.get("size")
    listed = sequence(asked)
    if listed is not None and len(listed) == 2:
        return with_size(m, value, _asked(asked))
    number = as_int(listed[0] if listed else asked)
    old = size_of(value)
    if number is None or old is None or not isinstance(old[0], int) or not isinstance(old[1], int):
        return with_size(m, value, None)
    height, width = int(old[0]), int(old[1])
    if height == width:
        return with_size(m, value, (number, number))
    short = min(height, width)
    return with_size(m, value, (height * number // short, width * number // short))


def crop(m: Machine, transform: Thing, value: Picture) -> Picture:
    """Crops to a fixed size, whatever came in."""
    return with_size(m, value, _asked(transform.config.get("size")))


def _pad(m: Machine, transform: Thing, value: Picture) -> Picture:
    number, old = as_int(transform.config.get("padding")), size_of(value)
    if number is None or old is None or not isinstance(old[0], int) or not isinstance(old[1], int):
        return with_size(m, value, None)
    return with_size(m, value, (old[0] + 2 * number, old[1] + 2 * number))


def _gray(m: Machine, transform: Thing, value: Picture) -> Picture:  # noqa: ARG001
    channels = as_int(transform.config.get("num_output_channels") or 1)
    if isinstance(value, Pic):
        return Pic(channels, value.size, value.data, value.opened)
    shape = value.shape
    if shape is None or len(shape) < 3 or channels is None:
        return value
    return value.but(shape=(*shape[:-3], channels, *shape[-2:]))


def tensor_of(m: Machine, value: Picture, kind: str, dtype: str, at: Spot | None = None) -> Tensor:
    """A tensor of shape (channels, height, width) made from a picture or an array."""
    if isinstance(value, Tensor):
        shape = value.shape
        if value.array and shape is not None and len(shape) == 3:
            shape = (shape[2], shape[0], shape[1])
        return value.but(shape=shape, dtype=dtype, range=Range(kind, at=at), array=False)
    height, width = value.size or (m.side(), m.side())
    first: Dim = value.channels if value.channels is not None else fresh("c")
    shape_: Shape = (first, height, width)
    return Tensor(shape_, dtype, role="input", range=Range(kind, at=at), data=value.data)


def _to_tensor(m: Machine, transform: Thing, value: Picture) -> object:  # noqa: ARG001
    if isinstance(value, Tensor) and not value.array:
        return value
    scaled = not (isinstance(value, Tensor) and value.dtype == "float")
    if isinstance(value, Tensor) and not scaled:
        return tensor_of(m, value, value.range.kind if value.range else "other", "float")
    return tensor_of(m, value, "0-1", "float")


def _to_bytes(m: Machine, transform: Thing, value: Picture) -> object:
    if isinstance(value, Tensor) and not value.array:
        return value
    return tensor_of(m, value, "0-255", "uint8", transform.at)


def _to_dtype(m: Machine, transform: Thing, value: Picture) -> object:  # noqa: ARG001
    if not isinstance(value, Tensor):
        return value
    wanted = transform.config.get("dtype")
    if not isinstance(wanted, Lib) or "float" not in wanted.path:
        return value.but(range=None) if isinstance(wanted, Unknown) else value
    scales = transform.config.get("scale") is True or transform.kind.endswith("ConvertImageDtype")
    if isinstance(transform.config.get("scale"), Unknown):
        return value.but(dtype="float", range=None)
    moved = scales and value.dtype == "uint8" and value.range is not None and value.range.kind == "0-255"
    return value.but(dtype="float", range=Range("0-1") if moved else value.range)


def _normalize(m: Machine, transform: Thing, value: Picture) -> object:
    if not isinstance(value, Tensor):
        return Unknown()
    channels = value.shape[-3] if value.shape and len(value.shape) >= 3 else 1
    count = channels if isinstance(channels, int) else 1
    mean, std = floats(transform.config.get("mean"), count), floats(transform.config.get("std"), count)
    if mean is None or std is None:
        return value.but(range=Range("normalised"))
    if value.range is not None and value.range.kind == "0-255" and max((*mean, *std)) <= 1.5:
        return value
    wide = value
    if len(mean) > 1 and channels == 1 and value.shape is not None:
        wide = value.but(shape=None)
    return wide.but(range=Range("normalised", mean, std, transform.at)) if m is not None else wide


def _to_pil(m: Machine, transform: Thing, value: Picture) -> object:  # noqa: ARG001
    if isinstance(value, Pic):
        return value
    channels = value.shape[-3] if value.shape and len(value.shape) >= 3 else None
    return Pic(channels if isinstance(channels, int) else None, size_of(value), value.data)


def _many(m: Machine, transform: Thing, value: Picture) -> object:
    crops = 5 if transform.kind.endswith("FiveCrop") else 10
    return tuple([crop(m, transform, value)] * crops)


def _preset(m: Machine, transform: Thing, value: Picture) -> object:  # noqa: ARG001
    made = tensor_of(m, value, "normalised", "float")
    return made.but(
        shape=(3, 224, 224), range=Range("normalised", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    )


def _opaque(m: Machine, transform: Thing, value: Picture) -> object:  # noqa: ARG001
    return Unknown()


def _rotation(m: Machine, transform: Thing, value: Picture) -> object:
    return with_size(m, value, None) if transform.config.get("expand") is True else value


TABLE: dict[str, Handler] = {
    "Resize": resize, "CenterCrop": crop, "RandomCrop": crop, "RandomResizedCrop": crop, "Pad": _pad,
    "Grayscale": _gray, "ToTensor": _to_tensor, "PILToTensor": _to_bytes, "ToImage": _to_bytes,
    "ToDtype": _to_dtype, "ConvertImageDtype": _to_dtype, "Normalize": _normalize, "ToPILImage": _to_pil,
    "FiveCrop": _many, "TenCrop": _many, "RandomRotation": _rotation, "MixUp": _opaque, "CutMix": _opaque,
    "Preset": _preset, "RandomShortestSize": _opaque, "ScaleJitter": _opaque, "RandomZoomOut": _opaque,
}  # fmt: skip
