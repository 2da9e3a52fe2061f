"""Batches of pictures on the device, in an order that is a pure function of the seed and the epoch."""

from collections.abc import Iterator

import torch
from torch import Generator, Tensor

from cnngui.engine import memory
from cnngui.engine.augment import (
    Augmentation,
    erased,
    gather,
    middle_windows,
    random_windows,
    reshaped,
    sent,
)
from cnngui.engine.cache import Cached
from cnngui.engine.pipeline import ImagePipeline

# Pictures may take this share of a graphics card's free memory; the network needs the rest. And this of the
# machine's, to be still there when they are wanted again.
_SHARE_OF_CARD, _SHARE_OF_MACHINE = 0.4, 0.5


class Batches:
    """The cached pictures with their labels, as normalised float32 batches on the device.

    The pictures stay uint8: in the memory map on a processor, copied to a graphics card where they all
    fit, gathered from the map batch by batch where they do not. `far` says that a batch takes a while to
    come, from the disk or over to the card: it is well fetched ahead.
    """

    far = False

    def __init__(self, cached: Cached, labels: Tensor, pipeline: ImagePipeline, device: str) -> None:
        self._pipeline, self._device = pipeline, torch.device(device)
        self._labels = labels.to(self._device)
        pixels = torch.from_numpy(cached.pixels)
        fit = _fit(pixels.nbytes, self._device)
        on_card = fit and self._device.type == "cuda"
        self._pixels = pixels.to(self._device) if on_card else pixels
        self.far = not fit
        self._odd = torch.rand(len(pixels), generator=seeded(0)) < 0.5  # mirrored in odd epochs

    def training(
        self, numbers: Tensor, how: Augmentation | None, epoch: int, generator: Generator
    ) -> tuple[Tensor, Tensor]:
        """Pictures `numbers`, int64 (N,) → float32 (N, 3, size, size) and int64 labels (N,).

        Augmented ones are shifted, mirrored and what else `how` says; None shows the middle. A picture is
        mirrored in every other epoch: left to chance it would come twice running the same way round as often
        as not, and in turn both ways teach more (Jordan 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single
        GPU").
        """
        count, side, size = len(numbers), self._pixels.shape[1], self._pipeline.spec.size
        if how is None:
            return self._ready(self._windows(numbers, *middle_windows(count, side, size)), numbers)
        mirror = self._odd[numbers] ^ (epoch % 2 == 0)
        if how.only_moves:
            moved = self._windows(numbers, *random_windows(mirror, side, size, how.shift, generator))
        else:
            whole = self._windows(numbers, *middle_windows(count, side, side))
            moved = reshaped(sent(whole, self._device), size, how, mirror, generator)
        images, labels = self._ready(moved, numbers)
        if how.erase:
            images.masked_fill_(erased(count, size, how.erase, generator).to(self._device), 0.0)
        return images, labels

    def validation(self, numbers: Tensor, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """All of `numbers` in order, not augmented, in batches as `training` gives them."""
        side, size = self._pixels.shape[1], self._pipeline.spec.size
        for start in range(0, len(numbers), batch_size):
            some = numbers[start : start + batch_size]
            yield self._ready(self._windows(some, *middle_windows(len(some), side, size)), some)

    def _windows(self, numbers: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
        return gather(self._pixels, numbers, rows, columns)

    def _ready(self, images: Tensor, numbers: Tensor) -> tuple[Tensor, Tensor]:
        return self._pipeline.normalise(sent(images, self._device)), self._labels[sent(numbers, self._device)]


def epoch_order(rows: Tensor, seed: int, epoch: int, weights: Tensor | None = None) -> Tensor:
    """The training pictures in this epoch's order: shuffled anew each epoch, the same for the same seed.

    With `weights`, float32 of the length of `rows`, as many are drawn with replacement in their proportion.
    """
    if weights is not None:
        return rows[torch.multinomial(weights, len(rows), replacement=True, generator=seeded(seed, epoch))]
    return rows[torch.randperm(len(rows), generator=seeded(seed, epoch))]


def seeded(seed: int, *place: int) -> Generator:
    """A random generator for one place in the run, such as (epoch,) or (epoch, step).

    Randomness that depends only on the place needs no state in a checkpoint: a resumed run draws the same.
    """
    number = seed
    for part in place:
        # Any mixing that keeps neighbours apart will do (Knuth's multiplicative hash, 64 bits).
        number = (number * 6364136223846793005 + part + 1442695040888963407) % 2**63
    return Generator().manual_seed(number)


def _fit(size: int, device: torch.device) -> bool:
    """Whether pictures of `size` bytes can stay where they are at hand."""
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        return size <= _SHARE_OF_CARD * free
    whole = memory.whole()
    return whole is None or size <= _SHARE_OF_MACHINE * whole
