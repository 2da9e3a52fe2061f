"""From any of Pillow's pixel modes to 8-bit RGB."""

import io
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

WHITE = (255, 255, 255)


def to_rgb(picture: Image.Image) -> Image.Image:
    """A loaded picture in mode RGB; the same one where it is that already.

    - Transparency is laid on white, the ground of paper and of most screens. Where everything is fully
      transparent the colours are taken as they stand: such a file was written with an empty alpha channel.
    - One deep channel becomes grey, see `eight_bits`. Grey, palette, CMYK, YCbCr and L*a*b* become RGB.
    """
    if picture.mode.startswith("I") or picture.mode == "F":
        picture = Image.fromarray(eight_bits(np.asarray(picture)))
    if picture.mode == "LAB":
        return _from_lab(picture)
    if picture.has_transparency_data:
        return _on_white(picture)
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def as_array(picture: Image.Image) -> npt.NDArray[np.uint8]:
    """A picture in mode RGB as uint8 (H, W, 3), C-contiguous, writable, of its own."""
    return np.array(picture, dtype=np.uint8)


def eight_bits(values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """One deep channel (H, W), integer or floating point, as 8 bits.

    - Whole numbers within 0 to 65,535: the top 8 of 16 bits; where none is above 4,095, the top 8 of 12
      bits (microscopes and X-ray detectors store 12 bits in 16); where none is above 255, as they are.
    - Floating point within 0 to 1 or within 0 to 255: that range.
    - Anything else: its own range, from its least value (black) to its greatest (white).
    NaN is black; infinities count as the range's ends.
    """
    if values.dtype.kind == "f":
        return _from_floats(values)
    low, high = int(values.min()), int(values.max())
    if low < 0 or high > 0xFFFF:
        return _stretched(values.astype(np.float64), float(low), float(high))
    shift = 0 if high <= 0xFF else 4 if high <= 0xFFF else 8
    return (values >> shift).astype(np.uint8)


def _from_floats(values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return np.zeros(values.shape, np.uint8)
    low, high = float(finite.min()), float(finite.max())
    if low >= 0 and high <= 255:
        low, high = 0.0, 1.0 if high <= 1 else 255.0
    return _stretched(np.nan_to_num(values.astype(np.float64), nan=low, posinf=high, neginf=low), low, high)


def _stretched(values: npt.NDArray[np.float64], low: float, high: float) -> npt.NDArray[np.uint8]:
    values -= low
    values *= 255
    values /= (high - low) or 1.0
    np.rint(values, out=values)
    return values.astype(np.uint8)


def _on_white(picture: Image.Image) -> Image.Image:
    rgba = picture.convert("RGBA")
    alpha = rgba.getchannel("A")
    rgb = rgba.convert("RGB")
    if alpha.getextrema() == (0, 0):
        return rgb
    ground = Image.new("RGB", picture.size, WHITE)
    ground.paste(rgb, mask=alpha)
    return ground


def _from_lab(picture: Image.Image) -> Image.Image:
    own = picture.info.get("icc_profile")
    source = ImageCms.ImageCmsProfile(io.BytesIO(own)) if own else ImageCms.createProfile("LAB")
    turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    assert turned is not None  # None comes only with inPlace=True
    return turned
