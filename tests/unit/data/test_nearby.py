"""Copies are found through encoding, resizing and cropping; pictures that only look alike are not."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnngui.cancel import Cancel
from cnngui.data import shapes
from cnngui.data.decode import decode_bytes
from cnngui.data.index import Unreadable
from cnngui.data.looks import Looks, look_of
from cnngui.data.nearby import Comparing, NearPairs, near_pairs
from tests.unit.data.making import written

PHOTOGRAPHS = Path(__file__).resolve().parents[4] / "shared" / "data" / "hymenoptera.zip"
COUNT = 60

Change = Callable[[Image.Image], Image.Image]


def cropped(left: float, top: float, right: float, bottom: float) -> Change:
    """Cut off these parts of width and height."""

    def crop(picture: Image.Image) -> Image.Image:
        width, height = picture.size
        box = (width * left, height * top, width * (1 - right), height * (1 - bottom))
        return picture.crop((round(box[0]), round(box[1]), round(box[2]), round(box[3])))

    return crop


def resized(factor: float) -> Change:
    return lambda picture: picture.resize(
        (round(picture.width * factor), round(picture.height * factor)), Image.Resampling.BICUBIC
    )


def together(one: Change, other: Change) -> Change:
    return lambda picture: other(one(picture))


CHANGES: dict[str, tuple[Change, int]] = {
    "quality 30": (lambda picture: picture, 30),
    "quality 90": (lambda picture: picture, 90),
    "half the size": (resized(0.5), 90),
    "half as large again": (resized(1.5), 90),
    "5 % off each side": (cropped(0.05, 0.05, 0.05, 0.05), 90),
    "10 % off each side": (cropped(0.1, 0.1, 0.1, 0.1), 90),
    "5 to 10 % off, unevenly": (cropped(0.05, 0.1, 0.08, 0.06), 90),
    "cropped, resized, encoded": (together(cropped(0.09, 0.06, 0.05, 0.08), resized(0.6)), 50),
}


def look(data: bytes) -> bytes:
    rgb = decode_bytes(data, "a.jpg", 96)
    assert not isinstance(rgb, Unreadable)
    return look_of(rgb)


def stacked(looks: list[bytes]) -> Looks:
    return np.frombuffer(b"".join(looks), np.uint8).reshape(len(looks), -1)


def pairs_among(looks: Looks) -> set[tuple[int, int]]:
    *_, found = near_pairs(looks, np.ones(len(looks), bool), Cancel())
    assert isinstance(found, NearPairs)
    return {(int(one), int(other)) for one, other in found.pairs}


@pytest.fixture(scope="module")
def photographs() -> list[bytes]:
    if not PHOTOGRAPHS.exists():
        pytest.skip(f"{PHOTOGRAPHS.name} is not in shared/data beside the checkout")
    with zipfile.ZipFile(PHOTOGRAPHS) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".jpg"))
        return [archive.read(name) for name in names[:: len(names) // COUNT][:COUNT]]


@pytest.mark.parametrize("change", CHANGES)
def test_changed_copies_are_found_and_nothing_else(photographs: list[bytes], change: str) -> None:
    how, quality = CHANGES[change]
    looks = [look(data) for data in photographs]
    for data in photographs:
        with Image.open(io.BytesIO(data)) as opened:
            looks.append(look(written(how(opened.convert("RGB")), "JPEG", quality=quality)))
    wanted = {(number, number + COUNT) for number in range(COUNT)}
    found = pairs_among(stacked(looks))
    assert len(found & wanted) >= 0.95 * COUNT
    assert found <= wanted


def test_simple_shapes_of_one_class_are_different_pictures() -> None:
    random = np.random.default_rng(0)
    grain = shapes.grain(random)
    looks = []
    for number in range(80):
        drawn = shapes.draw("circle", np.random.default_rng([7, number]), grain)
        looks.append(look_of(np.array(drawn.convert("RGB"))))
    assert pairs_among(stacked(looks)) == set()


def test_objects_on_plain_ground_are_not_crops_of_each_other() -> None:
    """A larger disc is no crop of a smaller one, though it looks so; the same disc, saved anew, is a copy."""
    looks = []
    for radius in (50, 54, 58, 62):
        y, x = np.mgrid[0:200, 0:200]
        inside = (x - 100) ** 2 + (y - 100) ** 2 < radius**2
        rgb = np.where(
            inside[:, :, None], np.array([200, 40, 40], np.uint8), np.array([255, 255, 255], np.uint8)
        )
        looks.append(look_of(rgb))
        if radius == 50:
            looks.append(look(written(Image.fromarray(rgb), "JPEG", quality=60)))
    assert pairs_among(stacked(looks)) == {(0, 1)}


def test_blank_pictures_and_left_out_ones_have_no_pairs() -> None:
    random = np.random.default_rng(0)
    twice = look_of(random.integers(0, 255, (40, 40, 3), np.uint8))
    grey = look_of(np.full((40, 40, 3), 90, np.uint8))
    looks = stacked([twice, twice, twice, grey, grey])
    *_, found = near_pairs(looks, np.array([True, False, True, True, True]), Cancel())
    assert isinstance(found, NearPairs)
    assert found.pairs.tolist() == [[0, 2]]


def test_no_pictures_have_no_pairs() -> None:
    assert pairs_among(np.empty((0, 1536), np.uint8)) == set()


def test_a_thousand_alike_pictures_are_compared_in_bounded_numbers() -> None:
    """Every one has copies; not every pair of them needs to be named."""
    random = np.random.default_rng(0)
    one = random.integers(0, 255, (32, 32, 3)).astype(np.int16)
    looks = [
        look_of(np.clip(one + random.integers(-3, 4, one.shape), 0, 255).astype(np.uint8))
        for _ in range(1000)
    ]
    found = pairs_among(stacked(looks))
    assert {number for pair in found for number in pair} == set(range(1000))
    assert len(found) <= 16 * 1000


def test_a_stop_ends_the_comparison() -> None:
    looks = np.random.default_rng(0).integers(0, 255, (2000, 1536), np.uint8)
    cancel = Cancel()
    steps = []
    for step in near_pairs(looks, np.ones(2000, bool), cancel):
        steps.append(step)
        cancel.stop()
    assert steps == [Comparing(0, 2000)]
