"""Two pictures in one, with a label that says how much of each: mixup and cutmix."""

import math

import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn import functional as F


def mixed(
    images: Tensor, labels: Tensor, classes: int, mixup: float, cutmix: float, generator: Generator
) -> tuple[Tensor, Tensor]:
    """Images float32 (N, 3, S, S) and labels int64 (N,) → images, and shares of the classes float32
    (N, classes).

    Each picture is mixed with another of the batch. `mixup` (Zhang et al. 2017) blends them; `cutmix`
    (Yun et al. 2019) pastes a rectangle. They are alphas of a symmetric beta distribution, 0 for off;
    with both on each batch draws one of them.
    """
    order = torch.randperm(len(images), generator=generator)
    pasting = bool(torch.rand((), generator=generator) < 0.5) if mixup and cutmix else bool(cutmix)
    share = _beta(cutmix if pasting else mixup, generator)
    others = order.to(images.device)
    if pasting:
        top, bottom, left, right = _box(images.shape[-1], share, generator)
        images[:, :, top:bottom, left:right] = images[others][:, :, top:bottom, left:right]
        share = 1 - (bottom - top) * (right - left) / images.shape[-1] ** 2
    else:
        images = torch.lerp(images[others], images, share)
    whole = F.one_hot(labels, classes).float()
    return images, torch.lerp(whole[others], whole, share)


def _beta(alpha: float, generator: Generator) -> float:
    # torch draws no beta from a generator of one's own.
    seed = int(torch.randint(2**62, (), generator=generator))
    return float(np.random.default_rng(seed).beta(alpha, alpha))


def _box(size: int, share: float, generator: Generator) -> tuple[int, int, int, int]:
    """A rectangle of 1 - `share` of the area around a random centre, cut off at the picture's edges."""
    half = size * math.sqrt(1 - share) / 2
    y, x = (size * torch.rand(2, generator=generator)).tolist()
    return _edge(y - half, size), _edge(y + half, size), _edge(x - half, size), _edge(x + half, size)


def _edge(place: float, size: int) -> int:
    return min(max(round(place), 0), size)
