"""What a trained network says of a picture, from one look or from two."""

from torch import Tensor, nn


def answer(network: nn.Module, images: Tensor, mirrored: bool) -> Tensor:
    """float32 (N, 3, S, S) → logits (N, classes).

    `mirrored`: the mean over the picture and its mirror image, which a network trained with flips knows as
    well. It costs a second pass and is right a little more often.
    """
    logits: Tensor = network(images)
    if not mirrored:
        return logits
    both: Tensor = (logits + network(images.flip(3))) / 2
    return both
