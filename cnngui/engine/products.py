"""Convolutions as matrix products where these are faster: see `convolutions`.

oneDNN takes a batch picture by picture. Over a map of 3 × 3 its matrix unit then gets nine rows at a time,
and it sums the weights' gradient slower still. One product over all places of all pictures keeps the unit
busy. Measured on 2 cores with AMX, torch 2.15, in ms (forwards, gradient of the images, of the weights):

    256 pictures, 384 → 384 channels, 3 × 3 kernel, 3 × 3 map:   8, 9, 38 become 3, 4, 6
    32 pictures, 512 → 512, 3 × 3 kernel, 7 × 7 map:             5, 5, 15 become 5, 5, 7
    32 pictures, 1024 → 256, 1 × 1 kernel, 14 × 14 map:          1.6, 1.6, 3.4 become 1.3, 1.2, 2.9

Over one number for each channel, as in squeeze and excitation, oneDNN is busy with the order of the weights:

    32 pictures, 576 → 144, 1 × 1 kernel, 1 × 1 map:             0.12, 0.57 (both) become 0.05, 0.13

With a 3 × 3 kernel over more than 7 × 7 places nothing gains, over more than 3 × 3 only the weights'
gradient.
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional as F
from torch.nn.grad import conv2d_input

_FEWEST_CHANNELS = 64  # on both sides
_MOST_PLACES, _MOST_WHOLE = 7 * 7, 3 * 3  # of a result: of the weights' gradient, of the other two as well


def fits(weight: Tensor, groups: int) -> bool:
    """Whether a centred convolution can be one: 1 × 1, or 3 × 3 and wide enough."""
    return groups == 1 and (weight.shape[2] == 1 or (weight.shape[2] == 3 and _wide(weight)))


def convolved(images: Tensor, weight: Tensor, bias: Tensor | None, stride: int) -> Tensor:
    """Images (N, I, H, W), weight (O, I, K, K) → bfloat16 (N, O, H, W), or half as high and wide with a
    stride of 2; zeros around the images. In autocast."""
    side = weight.shape[2]
    if side == 1 and images.shape[2:] == (1, 1):
        return F.linear(images.flatten(1), weight.flatten(1), bias)[..., None, None]
    if bias is not None or not _wide(weight) or (side > 1 and _places(images, stride) > _MOST_PLACES):
        return F.conv2d(images, weight, bias, stride, side // 2)
    made: Tensor = _Convolution.apply(images.bfloat16(), weight.bfloat16(), stride)
    return made


def _wide(weight: Tensor) -> bool:
    return min(weight.shape[:2]) >= _FEWEST_CHANNELS


class _Convolution(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, images: Tensor, weight: Tensor, stride: int) -> Tensor:
        ctx.save_for_backward(images, weight)
        ctx.stride = stride
        return _laid(images, weight, stride)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        images, weight = ctx.saved_tensors
        side = weight.shape[2]
        of_images = of_weight = None
        if ctx.needs_input_grad[0] and ctx.stride == 1:
            of_images = _laid(gradient, weight.flip(2, 3).transpose(0, 1), 1)
        elif ctx.needs_input_grad[0]:
            of_images = conv2d_input(images.shape, weight, gradient, ctx.stride, side // 2)  # type: ignore[no-untyped-call]
        if ctx.needs_input_grad[1]:
            rows = _patches(gradient, 1, 1).T @ _patches(images, side, ctx.stride)
            of_weight = rows.view(len(weight), side, side, -1).permute(0, 3, 1, 2)
        return of_images, of_weight, None


def _laid(images: Tensor, weight: Tensor, stride: int) -> Tensor:
    side = weight.shape[2]
    if side > 1 and _places(images, stride) > _MOST_WHOLE:
        return F.conv2d(images, weight, None, stride, side // 2)
    rows = _patches(images, side, stride) @ weight.permute(2, 3, 1, 0).reshape(-1, len(weight))
    height, width = ((one - 1) // stride + 1 for one in images.shape[2:])
    return rows.view(len(images), height, width, -1).permute(0, 3, 1, 2)


def _places(images: Tensor, stride: int) -> int:
    """How many places a kernel is laid at."""
    height, width = images.shape[2:]
    return ((height - 1) // stride + 1) * ((width - 1) // stride + 1)


def _patches(images: Tensor, side: int, stride: int) -> Tensor:
    """(N, C, H, W) → (places of all, side · side · C): what a kernel sees at each place, zeros beyond the
    edge."""
    edge = side // 2
    wide = images.permute(0, 2, 3, 1)
    if edge:
        count, height, width, channels = wide.shape
        wide = images.new_zeros(count, height + 2 * edge, width + 2 * edge, channels)
        wide[:, edge:-edge, edge:-edge] = images.permute(0, 2, 3, 1)
    seen = wide.unfold(1, side, stride).unfold(2, side, stride)  # (N, rows, columns, C, side, side)
    return seen.permute(0, 1, 2, 4, 5, 3).reshape(-1, side * side * images.shape[1])
