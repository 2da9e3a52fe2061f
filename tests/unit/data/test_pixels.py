"""Every pixel mode to 8-bit RGB."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.unit.data.making import photo, rgb, written


def test_alpha_is_laid_on_white() -> None:
    picture = Image.new("RGBA", (3, 1))
    picture.putdata([(255, 0, 0, 255), (0, 0, 0, 0), (0, 0, 0, 128)])
    assert rgb(written(picture, "PNG")).tolist() == [[[255, 0, 0], [255, 255, 255], [127, 127, 127]]]
    assert rgb(written(picture.convert("LA"), "PNG"))[0, 1].tolist() == [255, 255, 255]


def test_an_alpha_channel_without_any_content_is_not_believed() -> None:
    picture = photo()
    picture.putalpha(0)
    assert np.array_equal(rgb(written(picture, "PNG")), np.asarray(photo()))


def test_palettes_with_and_without_transparency() -> None:
    palette = photo().quantize(16)
    assert np.array_equal(rgb(written(palette, "PNG")), np.asarray(palette.convert("RGB")))
    stripes = Image.new("P", (3, 1))
    stripes.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    stripes.putdata([0, 1, 2])
    for transparency in (1, b"\xff\x00\xff"):
        decoded = rgb(written(stripes, "PNG", transparency=transparency))
        assert decoded.tolist() == [[[255, 0, 0], [255, 255, 255], [0, 0, 255]]]
    assert rgb(written(stripes, "GIF", transparency=1))[0, 1].tolist() == [255, 255, 255]


def test_a_transparent_colour() -> None:
    grey = Image.new("L", (2, 1))
    grey.putdata([10, 20])
    assert rgb(written(grey, "PNG", transparency=20)).tolist() == [[[10] * 3, [255] * 3]]
    colour = Image.new("RGB", (2, 1), (1, 2, 3))
    colour.putpixel((1, 0), (4, 5, 6))
    assert rgb(written(colour, "PNG", transparency=(1, 2, 3))).tolist() == [[[255] * 3, [4, 5, 6]]]


def test_grey_and_one_bit() -> None:
    grey = photo().convert("L")
    assert np.array_equal(rgb(written(grey, "PNG"))[:, :, 1], np.asarray(grey))
    bits = Image.new("1", (2, 1))
    bits.putdata([0, 255])
    for kind in ("PNG", "TIFF", "PPM", "BMP", "XBM"):
        assert sorted(rgb(written(bits, kind))[0, :, 0].tolist()) == [0, 255]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 255, 256, 65535], [0, 0, 1, 255]),  # 16 bits
        ([0, 16, 2048, 4095], [0, 1, 128, 255]),  # 12 bits in 16
        ([0, 1, 200, 255], [0, 1, 200, 255]),  # 8 bits in 16
    ],
)
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits(values: list[int], expected: list[int], kind: str) -> None:
    picture = Image.fromarray(np.array([values], np.uint16))
    assert rgb(written(picture, kind))[0, :, 0].tolist() == expected


def test_big_endian_sixteen_bits() -> None:
    assert rgb(b"P5 2 1 65535\n" + b"\x00\xff\xff\x00", "x.pgm")[0, :, 0].tolist() == [0, 255]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[0, 300, 65535]], np.int32), [0, 1, 255]),
        (np.array([[-100, 0, 100]], np.int32), [0, 128, 255]),
        (np.array([[0, 500_000, 1_000_000]], np.int32), [0, 128, 255]),
        (np.array([[0, 0.5, 1]], np.float32), [0, 128, 255]),
        (np.array([[0, 10, 200]], np.float32), [0, 10, 200]),
        (np.array([[-3, 0, 3]], np.float32), [0, 128, 255]),
        (np.array([[np.nan, np.inf, -np.inf, 0, 1000]], np.float32), [0, 255, 0, 0, 255]),
        (np.array([[np.nan, np.nan]], np.float32), [0, 0]),
        (np.array([[-5, -5]], np.int32), [0, 0]),
        (np.array([[-5, -5]], np.float32), [0, 0]),
        (np.array([[-3e38, 3e38]], np.float32), [0, 255]),
    ],
)
def test_thirty_two_bits(values: np.ndarray[Any, Any], expected: list[int]) -> None:
    assert rgb(written(Image.fromarray(values), "TIFF"))[0, :, 2].tolist() == expected


def test_cmyk_and_its_relatives() -> None:
    for kind in ("JPEG", "TIFF"):
        decoded = rgb(written(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), kind)).astype(int)
        assert np.abs(decoded - [255, 0, 0]).max() < 8
    decoded = rgb(written(Image.new("YCbCr", (8, 8), (76, 85, 255)), "TIFF"))
    assert np.abs(decoded.astype(int) - [254, 0, 0]).max() < 8
    grey = rgb(written(Image.new("LAB", (8, 8), (128, 128, 128)), "TIFF")).astype(int)
    assert np.ptp(grey) < 12
    assert 100 < grey.mean() < 140
