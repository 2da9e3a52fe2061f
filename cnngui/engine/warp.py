"""Random parts of pictures, turned, sheared and scaled: one interpolation whatever is asked for together."""

import math

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

# The proportions of a random part: torchvision's RandomResizedCrop, after Szegedy et al. 2014, "Going Deeper
# with Convolutions".
_NARROWEST, _WIDEST = 3 / 4, 4 / 3


def identity(count: int) -> Tensor:
    """Affine maps that change nothing, float32 (count, 2, 3), as `sampled` takes them."""
    return torch.eye(2, 3).repeat(count, 1, 1)


def random_parts(count: int, smallest: float, generator: Generator) -> Tensor:
    """Maps to a random part of each picture: `smallest` (0 to 1) to 1 of its area."""
    area = smallest + (1 - smallest) * torch.rand(count, generator=generator)
    low, high = math.log(_NARROWEST), math.log(_WIDEST)
    ratio = torch.exp(low + (high - low) * torch.rand(count, generator=generator))
    width = (area * ratio).sqrt().clamp(max=1.0)
    height = (area / ratio).sqrt().clamp(max=1.0)
    centre = (2 * torch.rand(2, count, generator=generator) - 1) * (1 - torch.stack([width, height]))
    maps = torch.zeros(count, 2, 3)
    maps[:, 0, 0], maps[:, 1, 1] = width, height
    maps[:, :, 2] = centre.T
    return maps


def random_windows_as_maps(count: int, side: int, size: int, shift: float, generator: Generator) -> Tensor:
    """Maps to a window of `size` of pictures of `side`, up to `shift` of it off."""
    scale = size / side
    reach = 1 - scale + 2 * shift * scale
    maps = torch.zeros(count, 2, 3)
    maps[:, 0, 0] = maps[:, 1, 1] = scale
    maps[:, :, 2] = (2 * torch.rand(count, 2, generator=generator) - 1) * reach
    return maps


def after(first: Tensor, then: Tensor) -> Tensor:
    """The map that does `first` to the picture and `then` to the result, each (N, 2, 3)."""
    corner = torch.tensor([0.0, 0.0, 1.0]).expand(len(first), 1, 3)
    joined: Tensor = first @ torch.cat([then, corner], 1)
    return joined


def sampled(pictures: Tensor, maps: Tensor, size: int) -> Tensor:
    """float32 (N, 3, R, R) → (N, 3, size, size): each pixel from where its map says, bilinear; a picture is
    continued by its mirror image."""
    grid = F.affine_grid(maps.to(pictures.device), [len(pictures), 3, size, size], align_corners=False)
    return F.grid_sample(pictures, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
