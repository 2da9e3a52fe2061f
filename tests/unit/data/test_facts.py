"""The facts of real files of many kinds, and the pass that gathers them."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from cnngui.cancel import Cancel
from cnngui.data.decode import decode
from cnngui.data.facts import FactsProgress, FolderImages, ImageFacts, look_at
from cnngui.data.index import Unreadable
from cnngui.data.looks import LOOK_BYTES, bits_apart, look_of
from cnngui.data.measure import frame_of, measure
from cnngui.errors import RequestError
from tests.unit.data.making import index_of, make, photo, written


def facts_of(root: Path) -> dict[str, ImageFacts | Unreadable]:
    """path → facts of all pictures below `root`."""
    index = index_of(root)
    *_, seen = look_at(index, Cancel())
    assert isinstance(seen, FolderImages)
    assert seen.looks.shape == (len(index.records), LOOK_BYTES)
    return {record.path: image for record, image in zip(index.records, seen.images, strict=True)}


def fact_of(root: Path, name: str, data: bytes) -> ImageFacts:
    (root / name).write_bytes(data)
    image = facts_of(root)[name]
    assert isinstance(image, ImageFacts)
    return image


@pytest.mark.parametrize(
    ("name", "mode", "kind", "written_as", "wrong"),
    [
        ("a.jpg", "RGB", "JPEG", "JPEG", False),
        ("a.JPEG", "L", "JPEG", "JPEG", False),
        ("a.jpg", "CMYK", "JPEG", "JPEG", False),
        ("a.png", "P", "PNG", "PNG", False),
        ("a.png", "RGBA", "PNG", "PNG", False),
        ("a.png", "I;16", "PNG", "PNG", False),
        ("a.jpg", "RGB", "PNG", "PNG", True),
        ("a.png", "RGB", "JPEG", "JPEG", True),
        ("a", "RGB", "JPEG", "JPEG", False),
        ("a.tiff", "1", "TIFF", "TIFF", False),
        ("a.bmp", "RGB", "BMP", "BMP", False),
    ],
)
def test_the_header_says_size_mode_and_format(
    tmp_path: Path, name: str, mode: str, kind: str, written_as: str, wrong: bool
) -> None:
    image = fact_of(tmp_path, name, written(photo(96, 64).convert(mode), written_as))
    assert (image.width, image.height) == (96, 64)
    assert (image.mode, image.format, image.wrong_suffix, image.turned) == (mode, kind, wrong, False)


@pytest.mark.parametrize("size", [(96, 64), (1200, 800)])
@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG"])
def test_a_turned_picture_has_the_size_it_is_shown_at(
    tmp_path: Path, size: tuple[int, int], kind: str
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = fact_of(tmp_path, f"a.{kind.lower()}", written(photo(*size), kind, exif=exif))
    assert (image.width, image.height) == (size[1], size[0])
    assert image.turned


def test_a_large_jpeg_has_its_full_size_though_decoded_smaller(tmp_path: Path) -> None:
    image = fact_of(tmp_path, "a.jpg", written(photo(2000, 1500), "JPEG"))
    assert (image.width, image.height) == (2000, 1500)


def test_equal_pixels_have_equal_digests_whatever_the_format(tmp_path: Path) -> None:
    as_png = fact_of(tmp_path, "a.png", written(photo(), "PNG"))
    as_bmp = fact_of(tmp_path, "b.bmp", written(photo(), "BMP"))
    other = photo()
    other.putpixel((3, 3), (1, 2, 3))
    assert as_png.digest == as_bmp.digest
    assert fact_of(tmp_path, "c.png", written(other, "PNG")).digest != as_png.digest


def test_pixels_in_another_shape_are_another_picture(tmp_path: Path) -> None:
    wide = fact_of(tmp_path, "a.png", written(Image.new("RGB", (8, 4), (9, 9, 9)), "PNG"))
    high = fact_of(tmp_path, "b.png", written(Image.new("RGB", (4, 8), (9, 9, 9)), "PNG"))
    assert wide.digest != high.digest


def test_the_perceptual_hash_survives_encoding_and_resizing(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    blotches = Image.fromarray(random.integers(0, 256, (7, 7, 3), np.uint8))
    picture = blotches.resize((300, 200), Image.Resampling.BICUBIC)
    original = fact_of(tmp_path, "a.png", written(picture, "PNG"))
    coarse = fact_of(tmp_path, "b.jpg", written(picture, "JPEG", quality=30))
    small = fact_of(tmp_path, "c.png", written(picture.resize((150, 100)), "PNG"))
    turned = fact_of(tmp_path, "d.png", written(picture.rotate(180), "PNG"))

    def apart(one: ImageFacts, other: ImageFacts) -> int:
        both = np.array([one.perceptual, other.perceptual], np.uint64)
        return int(bits_apart(both[:1], both[1:])[0])

    assert apart(original, coarse) <= 4
    assert apart(original, small) <= 4
    assert apart(original, turned) >= 16


def test_bits_apart_counts_bits() -> None:
    one = np.array([0, 0b1011, 2**64 - 1], np.uint64)
    other = np.array([0, 0b0001, 0], np.uint64)
    assert bits_apart(one, other).tolist() == [0, 2, 64]


def test_unreadable_pictures_stand_in_their_place(tmp_path: Path) -> None:
    make(tmp_path, "cat/1.png", "cat/3.png")
    (tmp_path / "cat/2.png").write_bytes(written(photo(), "PNG")[:100])
    images = facts_of(tmp_path)
    assert list(images) == ["cat/1.png", "cat/2.png", "cat/3.png"]
    broken = images["cat/2.png"]
    assert isinstance(broken, Unreadable)
    assert broken.path == "cat/2.png"
    assert broken.reason
    assert isinstance(images["cat/3.png"], ImageFacts)


def test_a_file_that_goes_away_after_the_scan_is_unreadable(tmp_path: Path) -> None:
    make(tmp_path, "cat/1.png", "cat/2.png")
    index = index_of(tmp_path)
    (tmp_path / "cat/1.png").unlink()
    *_, seen = look_at(index, Cancel())
    assert isinstance(seen, FolderImages)
    assert isinstance(seen.images[0], Unreadable)
    assert "not there" in seen.images[0].reason


def test_looks_lie_in_the_order_of_the_records(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / "c").mkdir(exist_ok=True)
        Image.new("RGB", (5, 5), (number * 6, 0, 0)).save(tmp_path / "c" / f"{number:02}.png")
    index = index_of(tmp_path)
    *_, seen = look_at(index, Cancel())
    assert isinstance(seen, FolderImages)
    for record, look in zip(index.records, seen.looks, strict=True):
        rgb = decode(index.file(record))
        assert not isinstance(rgb, Unreadable)
        assert look.tobytes() == look_of(rgb)


def test_progress_reaches_the_total_and_a_stop_ends_it(tmp_path: Path) -> None:
    make(tmp_path, *(f"cat/{number}.png" for number in range(60)))
    steps = list(look_at(index_of(tmp_path), Cancel()))
    told = [step for step in steps if isinstance(step, FactsProgress)]
    assert (told[-1].done, told[-1].total) == (60, 60)
    cancel = Cancel()
    rest = []
    for step in look_at(index_of(tmp_path), cancel):
        rest.append(step)
        cancel.stop()
    assert not any(isinstance(step, FolderImages) for step in rest)


def test_a_folder_without_pictures_gives_no_facts(tmp_path: Path) -> None:
    assert facts_of(tmp_path) == {}


def as_rgb(picture: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.array(picture.convert("RGB"))


def test_brightness_contrast_and_colour_are_those_of_the_pixels() -> None:
    half = Image.new("RGB", (10, 10), (0, 0, 0))
    half.paste((255, 255, 255), (0, 0, 5, 10))
    measures = measure(as_rgb(half))
    assert measures.brightness == pytest.approx(0.5)
    assert measures.contrast == pytest.approx(0.5)
    assert (measures.dark, measures.light) == (0.0, 1.0)
    red = measure(as_rgb(Image.new("RGB", (10, 10), (255, 0, 51))))
    assert red.colour == pytest.approx((1.0, 0.0, 0.2))
    assert red.contrast == red.colour_contrast == 0


def test_sharpness_falls_with_blur_and_not_with_contrast() -> None:
    sharp = Image.new("L", (256, 192), 60)
    ImageDraw.Draw(sharp).rectangle((80, 50, 170, 140), fill=200)
    dim = sharp.point(lambda value: value // 3)
    soft = sharp.filter(ImageFilter.GaussianBlur(3))

    def sharpness(picture: Image.Image) -> float:
        found = measure(as_rgb(picture)).sharpness
        assert found is not None
        return found

    assert sharpness(sharp) > 0.5
    assert sharpness(dim) == pytest.approx(sharpness(sharp), rel=0.1)
    assert sharpness(soft) < 0.07


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 300), (300, 1), (2, 2), (100, 9000)])
def test_tiny_and_very_long_pictures_are_measured(width: int, height: int) -> None:
    rgb = as_rgb(photo(max(width, 2), max(height, 2)).crop((0, 0, width, height)))
    assert measure(rgb).sharpness is None
    assert len(look_of(rgb)) == LOOK_BYTES


def test_a_frame_is_a_border_of_one_colour() -> None:
    bars = ImageOps.expand(photo(96, 64), (0, 10), (16, 0, 0))
    coarse = Image.open(io.BytesIO(written(ImageOps.expand(photo(96, 64), 12, "white"), "JPEG", quality=80)))
    assert frame_of(as_rgb(photo())) is None
    assert frame_of(as_rgb(bars)) == (16, 0, 0)
    assert frame_of(as_rgb(coarse)) == pytest.approx((255, 255, 255), abs=2)


def test_a_full_disk_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "cat/1.png")

    def full(*_: object, **__: object) -> io.FileIO:
        return open("/dev/full", "wb", buffering=0)  # noqa: PTH123

    if not Path("/dev/full").exists():
        pytest.skip("only Linux has a disk that is always full")
    monkeypatch.setattr("tempfile.TemporaryFile", full)
    with pytest.raises(RequestError, match="cannot be written to"):
        list(look_at(index_of(tmp_path), Cancel()))
