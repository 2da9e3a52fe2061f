"""The only preprocessing there is: the same object trains, classifies and is exported."""

import torch
from torch import Tensor

from cnngui.data.decode import Rgb
from cnngui.engine.fitting import fitted
from cnngui.engine.spec import ImageSpec


class ImagePipeline:
    """From a decoded picture to what the network takes, in two steps with the cache between them."""

    def __init__(self, spec: ImageSpec) -> None:
        self.spec = spec
        # Folded into one multiplication and one addition on numbers from 0 to 255.
        std = torch.tensor(spec.std) * 255.0
        mean = torch.tensor(spec.mean) * 255.0
        self._scale = (1.0 / std).view(1, 3, 1, 1)
        self._shift = (-mean / std).view(1, 3, 1, 1)

    def prepare(self, image: Rgb) -> Rgb:
        """uint8 (H, W, 3) of any size → uint8 (resize, resize, 3): see `fitted`."""
        return fitted(image, self.spec)

    def to_batch(self, images: Tensor) -> Tensor:
        """uint8 (N, 3, resize, resize) on any device → normalised float32 (N, 3, size, size): the middle."""
        margin = (images.shape[-1] - self.spec.size) // 2
        middle = images[..., margin : margin + self.spec.size, margin : margin + self.spec.size]
        return self.normalise(middle)

    def normalise(self, images: Tensor) -> Tensor:
        """uint8 (N, 3, S, S) with values 0 to 255 → float32 of the same shape, (x / 255 - mean) / std."""
        scale, shift = self._scale.to(images.device), self._shift.to(images.device)
        if images.stride(1) != 1:
            return torch.addcmul(shift, images, scale)
        # Channels last: whole rows at once, for three numbers are too few for wide registers.
        number, channels, height, width = images.shape
        rows = images.permute(0, 2, 3, 1).reshape(number, height, width * channels)
        done = torch.addcmul(shift.view(-1).repeat(width), rows, scale.view(-1).repeat(width))
        return done.view(number, height, width, channels).permute(0, 3, 1, 2)
