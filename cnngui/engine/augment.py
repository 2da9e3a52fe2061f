"""Augmentation of whole batches: which pixel of the cached picture each pixel of the batch is.

Flips, shifts and crops only move pixels, so they are index arithmetic, and one gather from the cached
pictures both collects the batch and augments it.
"""

import torch
from torch import Generator, Tensor

# How far a window may lie off the middle, as a share of its side: 4 pixels of 32, as is usual for CIFAR.
SHIFT = 1 / 8


def random_windows(count: int, side: int, size: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Rows and columns, int64 (count, size) each, of a window into pictures of `side` × `side`.

    The window lies anywhere within the picture and up to SHIFT of its size beyond, where the picture is
    continued by its mirror image, and is mirrored left to right with probability 1/2. `generator`
    is of the CPU: the same seed gives the same windows on every device.
    """
    beyond = min(int(size * SHIFT), side - 1)
    room = side - size
    start = torch.randint(-beyond, room + beyond + 1, (2, count, 1), generator=generator)
    places = (start + torch.arange(size)).abs()  # -1 → 1: mirrored at the first edge
    rows, columns = torch.where(places >= side, 2 * (side - 1) - places, places)  # and at the last
    mirror = torch.rand(count, 1, generator=generator) < 0.5
    return rows, torch.where(mirror, columns.flip(1), columns)


def erased(count: int, size: int, share: float, generator: Generator) -> Tensor:
    """A square of `share` of the side somewhere in each picture, as a mask, bool (count, 1, size, size).

    Cutout (DeVries & Taylor 2017): the centre is anywhere, so that at the edges less than the whole
    square is lost. Filled with the mean colour it makes the network look at more than one telling spot.
    """
    half = share * size / 2
    centres = torch.rand(2, count, 1, generator=generator) * size
    places = torch.arange(size) + 0.5
    rows, columns = (places - centres).abs() < half
    return torch.logical_and(rows[:, :, None], columns[:, None, :]).unsqueeze(1)


def middle_windows(count: int, side: int, size: int) -> tuple[Tensor, Tensor]:
    """The middle of each picture, as `random_windows` gives it: what the network sees after training."""
    places = (torch.arange(size) + (side - size) // 2).expand(count, size)
    return places, places


def gather(pixels: Tensor, numbers: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """uint8 (P, R, R, 3) pictures → uint8 (N, 3, size, size) of the pictures `numbers` (N,), channels last.

    The result is where `pixels` is.
    """
    side, count, size = pixels.shape[1], len(numbers), rows.shape[1]
    first = (numbers[:, None] * side + rows)[:, :, None] * side
    places = (first + columns[:, None, :]).view(-1).to(pixels.device)
    # One row of three numbers per pixel: this is the fastest gather torch has for them.
    return pixels.view(-1, 3).index_select(0, places).view(count, size, size, 3).permute(0, 3, 1, 2)
