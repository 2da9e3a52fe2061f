"""Convolutions done another way where that is faster: in training, on a processor, in bfloat16.

Nothing in a network changes: inside of `faster` its layers' arithmetic takes other roads to the same numbers,
`products` where maps are small or kernels 1 × 1, `depthwise` where each channel has a kernel of its own, and
`norms` and `global_pooling` beside them.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode, wrap_torch_function

from cnngui.engine import depthwise, global_pooling, norms, products
from cnngui.engine.device import DeviceChoice


class _Way(Protocol):
    def fits(self, weight: Tensor, groups: int) -> bool:
        """Whether a centred convolution with these arguments of `F.conv2d` may gain by this way."""

    def convolved(self, images: Tensor, weight: Tensor, bias: Tensor | None, stride: int) -> Tensor:
        """What it gives, in bfloat16: this way, or the usual one where such images do not gain."""


_WAYS: tuple[_Way, ...] = (products, depthwise)


def faster(network: nn.Module, device: DeviceChoice) -> AbstractContextManager[object]:
    """While inside, those of the network's convolutions that gain by it are done another way.

    To be entered around the forward pass, in the device's autocast; the backward pass follows from it.
    """
    if device.device != "cpu" or device.precision != "bfloat16":
        return nullcontext()
    layers = (one for one in network.modules() if isinstance(one, nn.Conv2d))
    fit = (
        way.fits(one.weight, one.groups)
        for one in layers
        if _centred(one.weight, one.bias, one.stride, one.padding, one.dilation, one.groups)
        for way in _WAYS
    )
    return _Faster() if any(fit) else nullcontext()


def _centred(
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> tuple[Tensor | None, int, int] | None:
    """Bias, stride and groups of a convolution with these arguments of `F.conv2d`, if it lays a square kernel
    on every pixel or on every second one, with zeros around the images; else None."""
    side = weight.shape[2]
    square = weight.shape[3] == side and side % 2 == 1 and padding == (side // 2, side // 2)
    if square and dilation == (1, 1) and stride in ((1, 1), (2, 2)):
        return bias, stride[0], groups
    return None


class _Faster(TorchFunctionMode):
    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        brief = torch.is_autocast_enabled("cpu")  # a layer may have switched it off for itself
        if func is F.conv2d and brief and not kwargs and args[0].ndim == 4 and (known := _centred(*args[1:])):
            images, weight, (bias, stride, groups) = args[0], args[1], known
            for way in _WAYS:
                if way.fits(weight, groups):
                    return conv2d(images, weight, bias, stride, way)
        if func is F.adaptive_avg_pool2d and brief and not kwargs and _global(*args):
            return global_pooling.pooled(args[0])
        if func is F.batch_norm and brief and norms.fits(norm := norms.Norm(*args, **(kwargs or {}))):
            return norms.normed(norm)
        return func(*args, **(kwargs or {}))


def _global(images: Tensor, side: Any) -> bool:
    """Whether `F.adaptive_avg_pool2d` with these arguments takes the mean of each map, in images that lie
    channels last."""
    whole = side in (1, (1, 1)) and images.ndim == 4
    return whole and images.is_contiguous(memory_format=torch.channels_last)


@wrap_torch_function(lambda images, weight, bias, stride, way: (images, weight))  # noqa: ARG005 - as the function has it
def conv2d(images: Tensor, weight: Tensor, bias: Tensor | None, stride: int, way: _Way) -> Tensor:
    """A convolution done another way. A function of torch's own kind, with the name of the one it stands for,
    so that whoever watches the layers by a mode of his own (`health`) is told of it with its weights."""
    return way.convolved(images, weight, bias, stride)
