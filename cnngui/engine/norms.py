"""Batch norm in bfloat16 for numbers of channels that PyTorch is slow at: see `convolutions`.

It works on 16 or 32 channels at a time and on what is left over one by one. Where eight are left, the
channels of four pixels are laid side by side here, as those of one. Measured on 2 cores with AMX, torch 2.14,
with 32 pictures, in ms (forwards, backwards):

    72 channels, 56 × 56 maps: 3.8, 11.2 become 2.2, 6.9
    72 channels, 28 × 28 maps: 0.8, 3.2  become 0.6, 2.0
    24 channels, 28 × 28 maps: 0.7, 2.4  become 0.3, 0.9
    88 channels, 28 × 28 maps: 1.1, 3.0  become 0.9, 2.5

A step of MobileNet V3 small takes 93 % of the time.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

_AT_A_TIME, _LEFT_OVER, _PIXELS = 16, 8, 4
_FEWEST_NUMBERS = 2**19  # of all images: below, what is done beside takes longer

_native = torch.ops.aten.native_batch_norm
_native_backward = torch.ops.aten.native_batch_norm_backward


@dataclass(frozen=True, slots=True)
class Norm:
    """The arguments of `F.batch_norm`."""

    input: Tensor
    running_mean: Tensor | None
    running_var: Tensor | None
    weight: Tensor | None = None
    bias: Tensor | None = None
    training: bool = False
    momentum: float = 0.1
    eps: float = 1e-5


def fits(norm: Norm) -> bool:
    """Whether it is one of images (N, C, H, W) that gains."""
    images = norm.input
    if not norm.training or norm.weight is None or norm.bias is None or images.ndim != 4:
        return False
    if images.dtype != torch.bfloat16 or not images.is_contiguous(memory_format=torch.channels_last):
        return False
    numbers, channels = images.numel(), images.shape[1]
    odd = channels % _AT_A_TIME == _LEFT_OVER and numbers // channels % _PIXELS == 0
    return odd and numbers >= _FEWEST_NUMBERS


def normed(norm: Norm) -> Tensor:
    """As `F.batch_norm`, running statistics included."""
    made: Tensor = _Norm.apply(
        norm.input, norm.weight, norm.bias, norm.running_mean, norm.running_var, norm.momentum, norm.eps
    )
    return made


class _Norm(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        images: Tensor,
        weight: Tensor,
        bias: Tensor,
        running_mean: Tensor | None,
        running_var: Tensor | None,
        momentum: float,
        eps: float,
    ) -> Tensor:
        seen, count = _side_by_side(images), images.numel() // len(weight)
        zeros = weight.new_zeros(2, seen.shape[1])
        means, variances = torch.batch_norm_update_stats(seen, zeros[0], zeros[1], 0.0)
        means, variances = means.view(_PIXELS, -1), variances.view(_PIXELS, -1)
        mean, variance = means.mean(0), variances.mean(0) + means.var(0, correction=0)
        if running_mean is not None and running_var is not None:
            running_mean.lerp_(mean, momentum)
            running_var.lerp_(variance * (count / (count - 1)), momentum)
        numbers = torch.stack((weight, bias, mean, variance)).repeat(1, _PIXELS)
        made = torch.empty_like(images)  # not a view: an activation may work in place
        none = weight.new_empty(0)
        _native.out(
            seen, *numbers, False, 0.0, eps, out=_side_by_side(made), save_mean=none, save_invstd=none
        )
        ctx.save_for_backward(images, numbers)
        ctx.eps = eps
        return made

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        images, numbers = ctx.saved_tensors
        seen, given = _side_by_side(images), _side_by_side(gradient)
        weight, _, mean, variance = numbers
        # As if mean and variance were constants: the sums over all pixels, and a part of the gradient.
        constant, *sums = _native_backward(
            given, seen, weight, mean, variance, None, None, False, ctx.eps, [True] * 3
        )
        both = torch.stack(sums).view(2, _PIXELS, -1).sum(1)  # gradients of weight and bias
        # And what changes with them, a multiple of each number and a constant: a norm again.
        share = weight * (variance + ctx.eps).rsqrt() / -(len(seen) * _PIXELS)
        rest = _native(seen, *(both.repeat(1, _PIXELS) * share), mean, variance, False, 0.0, ctx.eps)[0]
        of_images = constant.add_(rest).view(images.permute(0, 2, 3, 1).shape).permute(0, 3, 1, 2)
        return of_images, both[0], both[1], None, None, None, None


def _side_by_side(maps: Tensor) -> Tensor:
    """(N, C, H, W), channels last → (pixels / 4, 4 · C, 1, 1)."""
    return maps.permute(0, 2, 3, 1).reshape(-1, _PIXELS * maps.shape[1], 1, 1)
