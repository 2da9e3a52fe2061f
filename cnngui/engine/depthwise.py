"""The gradients of depthwise convolutions in bfloat16, which oneDNN is slow at: see `convolutions`.

In bfloat16 it has quick ways forwards, but the gradient of the images with a stride of 2 and that of weights
larger than 3 × 3 it works out number by number. Here the gradient of the images is a convolution forwards,
and that of larger weights on small maps as well, with the gradients for kernels. Measured on 2 cores with
AMX, torch 2.15, 32 pictures, in ms (gradient of the images, of the weights):

    72 channels, 3 × 3 kernel, stride 2, 56 × 56 map:     37, 1.7 become 2.1, 1.7
    96 channels, 5 × 5 kernel, stride 2, 28 × 28 map:     33, 16  become 1.1, 2.7
    240 channels, 5 × 5 kernel, 14 × 14 map:              1.3, 29 become 0.6, 3.6 (in float32 0.7, 5.8)
    576 channels, 5 × 5 kernel, 7 × 7 map:                0.8, 24 become 0.4, 2.0 (in float32 0.5, 5.0)
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional as F
from torch.nn.grad import conv2d_weight

_MOST_PLACES = 20 * 20  # of a result, for the gradients to be kernels
_LARGEST_QUICK = 3  # pixels a side, of a kernel whose gradient oneDNN is quick at


def fits(weight: Tensor, groups: int) -> bool:
    """Whether a centred convolution is a depthwise one."""
    return groups > 1 and weight.shape[:2] == (groups, 1) and weight.shape[2] > 1


def convolved(images: Tensor, weight: Tensor, bias: Tensor | None, stride: int) -> Tensor:
    """Images (N, C, H, W), float32 weight (C, 1, K, K) and bias (C,) → bfloat16 (N, C, H, W), or half as high
    and wide with a stride of 2; zeros around the images."""
    made: Tensor = _Depthwise.apply(images.bfloat16(), weight, bias, stride)
    return made


class _Depthwise(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, images: Tensor, weight: Tensor, bias: Tensor | None, stride: int) -> Tensor:
        ctx.save_for_backward(images, weight)
        ctx.stride = stride
        return _laid(images, weight.bfloat16(), None if bias is None else bias.bfloat16(), stride)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, Tensor | None, None]:
        images, weight = ctx.saved_tensors
        of_images = of_weight = of_bias = None
        if ctx.needs_input_grad[0]:
            spread = gradient if ctx.stride == 1 else _spread(gradient, images.shape)
            of_images = _laid(spread, weight.bfloat16().flip(2, 3), None, 1)
        if ctx.needs_input_grad[1]:
            of_weight = _of_weight(images, gradient, weight.shape[2], ctx.stride)
        if ctx.needs_input_grad[2]:
            of_bias = gradient.sum((0, 2, 3), dtype=torch.float32)
        return of_images, of_weight, of_bias, None


def _laid(images: Tensor, weight: Tensor, bias: Tensor | None, stride: int) -> Tensor:
    return F.conv2d(images, weight, bias, stride, weight.shape[2] // 2, groups=len(weight))


def _spread(gradient: Tensor, shape: torch.Size) -> Tensor:
    """The gradient of every second place of a map (N, C, H, W), with zeros at the others."""
    count, channels, height, width = shape
    wide = gradient.new_zeros(count, height, width, channels)
    wide[:, ::2, ::2] = gradient.permute(0, 2, 3, 1)
    return wide.permute(0, 3, 1, 2)


def _of_weight(images: Tensor, gradient: Tensor, side: int, stride: int) -> Tensor:
    """float32 (C, 1, K, K)."""
    count, channels, height, width = gradient.shape
    edge = side // 2
    # Of maps of one column, with a stride of 2, oneDNN's gradient in bfloat16 is wrong (torch 2.15).
    quick = side <= _LARGEST_QUICK and images.shape[3] > 1
    if not quick and height * width <= _MOST_PLACES:
        # Every channel of every picture is a group of its own, with its gradient for a kernel.
        # Channels first, as oneDNN is given kernels: laid anew, they take a fifth longer in all.
        seen, kernels = _side_by_side(images), gradient.contiguous().view(-1, 1, height, width)
        sums = F.conv2d(seen, kernels, None, 1, edge, stride, count * channels)[..., :side, :side]
        return sums.reshape(count, channels, side, side).sum(0, dtype=torch.float32).unsqueeze(1)
    if not quick:
        images, gradient = images.float(), gradient.float()
    made: Tensor = conv2d_weight(  # type: ignore[no-untyped-call]
        images, (channels, 1, side, side), gradient, stride, edge, groups=channels
    )
    return made.float()


def _side_by_side(maps: Tensor) -> Tensor:
    """(N, C, H, W) → (1, N · C, H, W), channels last."""
    height, width = maps.shape[2:]
    return maps.permute(2, 3, 0, 1).reshape(1, height, width, -1).permute(0, 3, 1, 2)
