"""Colours and shapes of whole batches changed at random, each picture by itself, on the device.

Pictures are float32 (N, 3, H, W) with values 0 to 255; so is every result.
"""

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from cnngui.engine import warp

_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601, as Pillow's greyscale


def jittered(pictures: Tensor, strength: float, generator: Generator) -> Tensor:
    """Brightness, contrast and saturation, each by a factor of 1 - strength to 1 + strength."""
    factors = 1 + strength * (2 * torch.rand(3, len(pictures), generator=generator) - 1)
    for change, factor in zip((brightness, contrast, saturation), factors.to(pictures.device), strict=True):
        pictures = change(pictures, factor)
    return pictures


def brightness(pictures: Tensor, factor: Tensor) -> Tensor:
    return _blend(torch.zeros_like(pictures), pictures, factor)


def contrast(pictures: Tensor, factor: Tensor) -> Tensor:
    return _blend(_grey(pictures).mean((2, 3), keepdim=True), pictures, factor)


def saturation(pictures: Tensor, factor: Tensor) -> Tensor:
    return _blend(_grey(pictures), pictures, factor)


def sharpness(pictures: Tensor, factor: Tensor) -> Tensor:
    """Away from, or towards, the picture smoothed by a 3 × 3 kernel (Pillow's SMOOTH); edges stay."""
    kernel = torch.tensor([[1.0, 1.0, 1.0], [1.0, 5.0, 1.0], [1.0, 1.0, 1.0]], device=pictures.device) / 13
    smooth = pictures.clone()
    smooth[:, :, 1:-1, 1:-1] = F.conv2d(pictures, kernel.expand(3, 1, 3, 3), groups=3)
    return _blend(smooth, pictures, factor)


def posterise(pictures: Tensor, bits: Tensor) -> Tensor:
    """Only so many of each value's eight bits are kept."""
    step = torch.exp2(8 - bits.round())[:, None, None, None]
    return torch.floor(pictures / step) * step


def solarise(pictures: Tensor, threshold: Tensor) -> Tensor:
    """Values from the threshold on are turned round."""
    return torch.where(pictures >= threshold[:, None, None, None], 255 - pictures, pictures)


def stretched(pictures: Tensor, _: Tensor) -> Tensor:
    """Each channel from its darkest to its brightest value over the whole range."""
    low, high = pictures.amin((2, 3), keepdim=True), pictures.amax((2, 3), keepdim=True)
    return torch.where(high > low, (pictures - low) * (255 / (high - low).clamp_min(1e-6)), pictures)


def equalised(pictures: Tensor, _: Tensor) -> Tensor:
    """Each channel's values spread so that all are equally frequent."""
    values = pictures.round().long().flatten(2)  # (N, 3, pixels)
    counts = torch.zeros(*values.shape[:2], 256, device=pictures.device)
    counts.scatter_add_(2, values, torch.ones_like(values, dtype=torch.float32))
    below = counts.cumsum(2)
    first = below.gather(2, values.amin(2, keepdim=True))  # a flat channel has nothing to spread
    room = (values.shape[2] - first).clamp_min(1.0)
    spread = ((below - first) * (255 / room)).round().clamp(0, 255)
    flat = first == values.shape[2]
    return torch.where(flat, values.float(), spread.gather(2, values)).view_as(pictures)


# TrivialAugment (Müller & Hutter 2021, "TrivialAugment: Tuning-free Yet State-of-the-Art Data Augmentation"):
# one change per picture, its kind and its strength uniform. Ranges of the paper's wide space.
_Change = Callable[[Tensor, Tensor], Tensor]
_TONES: tuple[_Change, ...] = (
    brightness,
    saturation,
    contrast,
    sharpness,
    posterise,
    solarise,
    stretched,
    equalised,
)
_SHAPES = 5  # shear in x and y, shift in x and y, turn
_LARGEST_SHEAR, _LARGEST_SHIFT, _LARGEST_TURN = 0.99, 32 / 224, math.radians(135)
_LARGEST_CHANGE = 0.99
KINDS = 1 + _SHAPES + len(_TONES)


def drawn(count: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Which change each picture gets, int64 (count,) below KINDS, and how strong, float32 -1 to 1."""
    kinds = torch.randint(KINDS, (count,), generator=generator)
    return kinds, 2 * torch.rand(count, generator=generator) - 1


def shapes(kinds: Tensor, strengths: Tensor) -> Tensor:
    """The maps, as `warp.sampled` takes them, of the changes that move pixels; the others are none."""
    maps = warp.identity(len(kinds))
    for number, (row, column) in enumerate(((0, 1), (1, 0), (0, 2), (1, 2)), start=1):
        # A map's coordinates run from -1 to 1: twice the share of the side.
        largest = _LARGEST_SHEAR if column < 2 else 2 * _LARGEST_SHIFT
        maps[:, row, column] += torch.where(kinds == number, largest * strengths, 0.0)
    turn = torch.where(kinds == _SHAPES, _LARGEST_TURN * strengths, 0.0)
    around = torch.stack(
        [torch.stack([turn.cos(), -turn.sin()], 1), torch.stack([turn.sin(), turn.cos()], 1)], 1
    )
    turned = torch.cat([around, torch.zeros(len(kinds), 2, 1)], 2)
    return torch.where((kinds == _SHAPES)[:, None, None], turned, maps)


def toned(pictures: Tensor, kinds: Tensor, strengths: Tensor) -> Tensor:
    """The changes that do not move pixels, in place."""
    for number, change in enumerate(_TONES, start=1 + _SHAPES):
        rows = (kinds == number).nonzero().squeeze(1)
        if not len(rows):
            continue
        strength = _strength(change, strengths[rows]).to(pictures.device)
        rows = rows.to(pictures.device)
        pictures[rows] = change(pictures[rows], strength)
    return pictures


def _strength(change: _Change, drawn: Tensor) -> Tensor:
    """What a strength of -1 to 1 is in the units of `change`."""
    if change is posterise:
        return 8 - 6 * drawn.abs()  # bits
    if change is solarise:
        return 255 * (1 - drawn.abs())
    return 1 + _LARGEST_CHANGE * drawn  # a factor


def _grey(pictures: Tensor) -> Tensor:
    weights = torch.tensor(_LUMA, device=pictures.device).view(1, 3, 1, 1)
    return (pictures * weights).sum(1, keepdim=True)


def _blend(none: Tensor, whole: Tensor, factor: Tensor) -> Tensor:
    """From `none` at factor 0 over `whole` at 1 to beyond."""
    return torch.lerp(none.expand_as(whole), whole, factor[:, None, None, None]).clamp(0, 255)
