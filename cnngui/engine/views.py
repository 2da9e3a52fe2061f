"""What a trained network says of a picture, from one look at it or from several."""

from collections.abc import Iterator
from functools import reduce

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnngui.engine.spec import Looks


def answer(network: nn.Module, images: Tensor, looks: Looks) -> Tensor:
    """float32 (N, 3, S, S) → logits (N, classes), the mean over so many looks at each picture.

    A network trained with mirrored and shifted pictures knows them all, and is right a little more often for
    taking the time. The picture itself counts as much as those moved, which are continued by their mirror
    image (after Jordan 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU").
    """
    parts = (network(view) * share for view, share in _views(images, looks))
    logits: Tensor = reduce(torch.add, parts)
    return logits


def _views(images: Tensor, looks: Looks) -> Iterator[tuple[Tensor, float]]:
    """Each look with its share of the answer."""
    places = [(images, 1.0)]
    if looks == 6:
        around = F.pad(images, (1, 1, 1, 1), mode="reflect")
        places = [(images, 0.5), (around[:, :, 2:, 2:], 0.25), (around[:, :, :-2, :-2], 0.25)]
    for view, share in places:
        if looks == 1:
            yield view, share
        else:
            yield view, share / 2
            yield view.flip(3), share / 2
