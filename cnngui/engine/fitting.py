"""From a decoded picture of any size to the square that is cached: what needs no torch of preprocessing."""

import numpy as np
from PIL import Image

from cnngui.data.decode import Rgb
from cnngui.engine.spec import ImageSpec

_GREY = (128, 128, 128)
_FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def fitted(image: Rgb, spec: ImageSpec) -> Rgb:
    """uint8 (H, W, 3) of any size → uint8 (resize, resize, 3), fitted as `spec.fit` says.

    Antialiased scaling (Pillow's), which is what torchvision's weights were trained with.
    """
    if image.shape[:2] == (spec.resize, spec.resize):
        return np.ascontiguousarray(image)
    return fitted_picture(Image.fromarray(image), spec)


def fitted_picture(picture: Image.Image, spec: ImageSpec) -> Rgb:
    """As `fitted`, of one of Pillow's pictures, in mode RGB."""
    side, (width, height), resampling = spec.resize, picture.size, _FILTERS[spec.scaling]
    if (width, height) == (side, side):
        return np.asarray(picture)
    if spec.fit == "pad":
        return np.asarray(_padded(picture, side, resampling))
    box = square(width, height) if spec.fit == "crop" else (0.0, 0.0, float(width), float(height))
    return np.asarray(picture.resize((side, side), resampling, box=box))


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
