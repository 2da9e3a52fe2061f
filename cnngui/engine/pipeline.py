"""The only preprocessing there is: the same object trains, classifies and is exported."""

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from cnngui.data.decode import Rgb
from cnngui.engine.spec import ImageSpec

_GREY = (128, 128, 128)
_FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


class ImagePipeline:
    """From a decoded picture to what the network takes, in two steps with the cache between them."""

    def __init__(self, spec: ImageSpec) -> None:
        self.spec = spec
        self._filter = _FILTERS[spec.scaling]
        # Folded into one multiplication and one addition on numbers from 0 to 255.
        std = torch.tensor(spec.std) * 255.0
        mean = torch.tensor(spec.mean) * 255.0
        self._scale = (1.0 / std).view(1, 3, 1, 1)
        self._shift = (-mean / std).view(1, 3, 1, 1)

    def prepare(self, image: Rgb) -> Rgb:
        """uint8 (H, W, 3) of any size → uint8 (resize, resize, 3), fitted as `spec.fit` says.

        Antialiased scaling (Pillow's), which is what torchvision's weights were trained with.
        """
        side = self.spec.resize
        height, width = image.shape[:2]
        if (height, width) == (side, side):
            return np.ascontiguousarray(image)
        picture = Image.fromarray(image)
        if self.spec.fit == "pad":
            return np.asarray(_padded(picture, side, self._filter))
        box = square(width, height) if self.spec.fit == "crop" else (0.0, 0.0, float(width), float(height))
        return np.asarray(picture.resize((side, side), self._filter, box=box))

    def to_batch(self, images: Tensor) -> Tensor:
        """uint8 (N, 3, resize, resize) on any device → normalised float32 (N, 3, size, size): the middle."""
        margin = (images.shape[-1] - self.spec.size) // 2
        middle = images[..., margin : margin + self.spec.size, margin : margin + self.spec.size]
        return self.normalise(middle)

    def normalise(self, images: Tensor) -> Tensor:
        """uint8 (N, 3, S, S) with values 0 to 255 → float32 of the same shape, (x / 255 - mean) / std."""
        scale, shift = self._scale.to(images.device), self._shift.to(images.device)
        return torch.addcmul(shift, images.float(), scale)


def square(width: int, height: int) -> tuple[float, float, float, float]:
    """The largest square in the middle of a picture: left, top, right, bottom in pixels."""
    side = min(width, height)
    left, top = (width - side) / 2, (height - side) / 2
    return (left, top, left + side, top + side)


def _padded(picture: Image.Image, side: int, resampling: Image.Resampling) -> Image.Image:
    scale = side / max(picture.size)
    width, height = (max(1, round(edge * scale)) for edge in picture.size)
    ground = Image.new("RGB", (side, side), _GREY)
    scaled = picture.resize((width, height), resampling)
    ground.paste(scaled, ((side - width) // 2, (side - height) // 2))
    return ground
