"""Augmentation of whole batches, all its randomness from the generator given.

Flips, shifts and crops only move pixels, so they are index arithmetic, and one gather from the cached
pictures both collects the batch and augments it. What scales or turns needs a second step (`warp`).
"""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from cnngui.engine import colours, warp


@dataclass(frozen=True, slots=True)
class Augmentation:
    """What is done to training pictures beside flips; see the options of the same names."""

    shift: float = 0.125
    erase: float = 0.0
    resized_crop: float = 0.0
    colour_jitter: float = 0.0
    trivial_augment: bool = False

    @property
    def only_moves(self) -> bool:
        """Whether whole pixels are moved and nothing else, but for what is erased."""
        return not (self.resized_crop or self.colour_jitter or self.trivial_augment)


def reshaped(pictures: Tensor, size: int, how: Augmentation, mirror: Tensor, generator: Generator) -> Tensor:
    """uint8 (N, 3, R, R) → float32 (N, 3, size, size), 0 to 255, on the same device: random parts, turned
    and coloured as `how` says; those of `mirror`, bool (N,), left to right."""
    count, side = len(pictures), pictures.shape[-1]
    if how.resized_crop:
        maps = warp.random_parts(count, how.resized_crop, generator)
    else:
        maps = warp.random_windows_as_maps(count, side, size, how.shift, generator)
    maps[mirror, 0, 0] *= -1
    kinds, strengths = colours.drawn(count, generator)
    if how.trivial_augment:
        maps = warp.after(maps, colours.shapes(kinds, strengths))
    images = warp.sampled(pictures.float(), maps, size)
    if how.colour_jitter:
        images = colours.jittered(images, how.colour_jitter, generator)
    if how.trivial_augment:
        images = colours.toned(images, kinds, strengths)
    return images.clamp_(0, 255).contiguous(memory_format=torch.channels_last)


def random_windows(
    mirror: Tensor, side: int, size: int, shift: float, generator: Generator
) -> tuple[Tensor, Tensor]:
    """Rows and columns, int64 (N, size) each, of a window into pictures of `side` × `side`, mirrored left to
    right where `mirror`, bool (N,), says so.

    The window lies anywhere within the picture and up to `shift` of its size beyond, where the picture is
    continued by its mirror image. `generator` is of the CPU: the same seed gives the same windows on every
    device.
    """
    beyond = min(int(size * shift), side - 1)
    room = side - size
    start = torch.randint(-beyond, room + beyond + 1, (2, len(mirror), 1), generator=generator)
    places = (start + torch.arange(size)).abs()  # -1 → 1: mirrored at the first edge
    rows, columns = torch.where(places >= side, 2 * (side - 1) - places, places)  # and at the last
    return rows, torch.where(mirror[:, None], columns.flip(1), columns)


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

    The result is where `pixels` is, and so is the arithmetic: there are hundreds of times as many places as
    numbers to tell them by.
    """
    side, count, size = pixels.shape[1], len(numbers), rows.shape[1]
    numbers, rows, columns = (sent(one, pixels.device) for one in (numbers, rows, columns))
    first = (numbers[:, None] * side + rows)[:, :, None] * side
    places = (first + columns[:, None, :]).view(-1)
    # One row of three numbers per pixel: this is the fastest gather torch has for them.
    return pixels.view(-1, 3).index_select(0, places).view(count, size, size, 3).permute(0, 3, 1, 2)


def sent(tensor: Tensor, device: torch.device) -> Tensor:
    """`tensor` on the device. A graphics card gets it while the processor goes on: from ordinary memory it
    would first finish what it has been given to do."""
    if device.type == "cuda" and tensor.device.type == "cpu":
        return tensor.pin_memory().to(device, non_blocking=True)
    return tensor.to(device)
