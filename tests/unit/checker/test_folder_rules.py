"""Each folder rule finds what its page says, and nothing else is found beside it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter, ImageOps

from cnngui.checker.finding import Finding, Severity
from cnngui.checker.rules.data import RULES
from cnngui.engine.results import OutOfFold
from tests.unit.checker import drawing
from tests.unit.checker.drawing import SIDE, fill, findings, picture

Spoil = Callable[[Path], None]


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("healthy")
    return {
        "classes": drawing.classes(root / "classes"),
        "splits": drawing.splits(root / "splits"),
        "large": drawing.classes(root / "large", side=160),
    }


def copy_of(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "pictures"))


def cut_short(root: Path) -> None:
    path = root / "ants" / "cut.jpg"
    picture(900).save(path, quality=95)
    path.write_bytes(path.read_bytes()[:700])


def web_page(root: Path) -> None:
    (root / "bees" / "404.jpg").write_text("<!DOCTYPE html><html><body>Not found</body></html>")


def flat(root: Path) -> None:
    for path in list(root.glob("*/*.png")):
        path.rename(root / f"{path.parent.name}-{path.name}")
    for folder in ("ants", "bees"):
        (root / folder).rmdir()


def empty_folder(root: Path) -> None:
    (root / "wasps").mkdir()


def all_unreadable(root: Path) -> None:
    fill(root / "wasps", 20, 900)
    for path in (root / "wasps").iterdir():
        path.write_bytes(path.read_bytes()[:60])


def ten_bees(root: Path) -> None:
    for path in sorted((root / "bees").iterdir())[10:]:
        path.unlink()


def many_ants(root: Path) -> None:
    fill(root / "more", 100, 500)
    for path in (root / "more").iterdir():
        path.rename(root / "ants" / f"more-{path.name}")
    (root / "more").rmdir()


def system_files(root: Path) -> None:
    (root / "ants" / ".DS_Store").write_bytes(b"\0" * 8)
    (root / "Thumbs.db").write_bytes(b"\0" * 8)


def renamed(root: Path) -> None:
    (root / "ants" / "000.png").rename(root / "ants" / "000.jpg")


def turned(root: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture(900).save(root / "ants" / "turned.jpg", quality=95, exif=exif)


def blank(root: Path) -> None:
    Image.new("RGB", (SIDE, SIDE), (90, 90, 90)).save(root / "ants" / "blank.png")


def dark(root: Path) -> None:
    picture(900).point(lambda value: value // 12).save(root / "ants" / "dark.png")


def bright(root: Path) -> None:
    picture(900).point(lambda value: 255 - value // 12).save(root / "ants" / "bright.png")


def soft(root: Path) -> None:
    blurred = picture(900, 160).filter(ImageFilter.GaussianBlur(4))
    blurred.save(root / "ants" / "soft.png")


def larger(root: Path) -> None:
    picture(900, 64).save(root / "ants" / "larger.png")


def smaller(root: Path) -> None:
    picture(900, 20).save(root / "ants" / "smaller.png")


def long(root: Path) -> None:
    picture(900, 160).crop((0, 0, 160, 48)).save(root / "ants" / "long.png")


def grey(root: Path) -> None:
    ImageOps.grayscale(picture(900)).save(root / "ants" / "grey.png")


def grey_class(root: Path) -> None:
    for path in (root / "ants").iterdir():
        with Image.open(path) as opened:
            ImageOps.grayscale(opened).save(path)


def framed_class(root: Path) -> None:
    for path in (root / "ants").iterdir():
        with Image.open(path) as opened:
            framed = ImageOps.expand(opened.crop((4, 4, SIDE - 4, SIDE - 4)), 4, (0, 0, 0))
        framed.save(path)


def large_class(root: Path) -> None:
    for number, path in enumerate(sorted((root / "ants").iterdir())):
        picture(number, 90).save(path)


def copy_in_class(root: Path) -> None:
    shutil.copy(root / "ants" / "000.png", root / "ants" / "copy.png")


def copy_in_other_class(root: Path) -> None:
    shutil.copy(root / "ants" / "000.png", root / "bees" / "copy.png")


def copy_in_other_format(root: Path) -> None:
    with Image.open(root / "ants" / "000.png") as opened:
        opened.save(root / "bees" / "copy.bmp")


def copy_in_other_split(root: Path) -> None:
    shutil.copy(root / "train" / "ants" / "000.png", root / "val" / "ants" / "copy.png")


def nearly(source: Path, target: Path) -> None:
    """Cropped by 6 to 9 % on each side, resized and encoded anew."""
    with Image.open(source) as opened:
        cut = opened.convert("RGB").resize((480, 480), Image.Resampling.BICUBIC).crop((30, 40, 440, 450))
    cut.resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(target, quality=75)


def near_copy(root: Path) -> None:
    nearly(root / "ants" / "000.png", root / "ants" / "near.jpg")


def near_copy_in_other_split(root: Path) -> None:
    nearly(root / "train" / "ants" / "000.png", root / "val" / "ants" / "near.jpg")


def no_bees_to_validate(root: Path) -> None:
    shutil.rmtree(root / "val" / "bees")


def validation(root: Path) -> None:
    (root / "val").rename(root / "validation")


def only_ants(root: Path) -> None:
    shutil.rmtree(root / "bees")


# rule, healthy folder, what is done to it, other rules that are right to speak as well, words of the message
BAD: list[tuple[str, str, Spoil, set[str], str]] = [
    ("no-class-folders", "classes", flat, set(), "48 pictures"),
    ("single-class", "classes", only_ants, set(), "All 24 pictures"),
    ("empty-class", "classes", empty_folder, set(), "“wasps” holds no picture"),
    ("empty-class", "classes", all_unreadable, {"unreadable-image"}, "“wasps” holds no picture"),
    ("missing-class-in-split", "splits", no_bees_to_validate, set(), "“bees” has no validation pictures"),
    ("split-name-unusual", "splits", validation, set(), "“validation” is read as the validation split"),
    ("too-few-images", "classes", ten_bees, set(), "“bees” 10"),
    ("class-imbalance", "classes", many_ants, set(), "“ants” has 124 pictures, “bees” only 24"),
    ("ignored-files", "classes", system_files, set(), "“.DS_Store”"),
    ("unreadable-image", "classes", cut_short, set(), "“ants/cut.jpg”"),
    ("not-an-image", "classes", web_page, set(), "“bees/404.jpg”"),
    ("wrong-suffix", "classes", renamed, set(), "1 PNG called .jpg"),
    ("exif-rotated", "classes", turned, set(), "1 picture is turned"),
    ("blank-image", "classes", blank, set(), "“ants/blank.png”"),
    ("very-dark", "classes", dark, set(), "“ants/dark.png”"),
    ("very-bright", "classes", bright, set(), "“ants/bright.png”"),
    ("blurry", "large", soft, set(), "“ants/soft.png”"),
    ("mixed-sizes", "classes", larger, set(), "from 48×48 to 64×64"),
    ("smaller-than-input", "classes", smaller, {"mixed-sizes"}, "the smallest has 20"),
    ("odd-aspect-ratio", "classes", long, {"mixed-sizes"}, "up to 3.3"),
    ("mixed-modes", "classes", grey, set(), "RGB 48, L 1"),
    ("label-leak-in-border-or-size", "classes", grey_class, {"mixed-modes"}, "the mode alone finds 100%"),
    ("label-leak-in-border-or-size", "classes", framed_class, set(), "the frame alone finds 100%"),
    ("label-leak-in-border-or-size", "classes", large_class, {"mixed-sizes"}, "pixels alone finds 100%"),
    ("duplicate-images", "classes", copy_in_class, set(), "“ants/copy.png” is “ants/000.png”"),
    ("duplicate-across-classes", "classes", copy_in_other_class, set(), "labelled “ants” and “bees”"),
    ("duplicate-across-classes", "classes", copy_in_other_format, set(), "“bees/copy.bmp”"),
    ("duplicate-across-splits", "splits", copy_in_other_split, set(), "“val/ants/copy.png”"),
    ("near-duplicate-images", "classes", near_copy, set(), "“ants/near.jpg”"),
    ("near-duplicate-across-splits", "splits", near_copy_in_other_split, set(), "“val/ants/near.jpg”"),
]


@pytest.mark.parametrize("folder", ["classes", "splits", "large"])
def test_nothing_is_said_of_a_healthy_folder(healthy: dict[str, Path], folder: str) -> None:
    assert findings(healthy[folder]) == []


@pytest.mark.parametrize(("rule", "folder", "spoil", "beside", "words"), BAD)
def test_a_fault_gives_one_finding_of_its_rule(
    healthy: dict[str, Path],
    tmp_path: Path,
    rule: str,
    folder: str,
    spoil: Spoil,
    beside: set[str],
    words: str,
) -> None:
    root = copy_of(healthy[folder], tmp_path)
    spoil(root)
    found = findings(root)
    assert {one.rule for one in found} == {rule} | beside
    (one,) = (one for one in found if one.rule == rule)
    assert one.severity == RULES[rule].severity
    assert words in one.message
    assert one.where.path == str(root)
    assert one.why
    assert one.fix


def test_every_rule_is_tried() -> None:
    assert {rule for rule, *_ in BAD} | {"suspected-mislabel"} == set(RULES.names())


def test_many_faults_of_one_kind_are_one_finding(healthy: dict[str, Path], tmp_path: Path) -> None:
    root = copy_of(healthy["splits"], tmp_path)
    for number in range(20):
        shutil.copy(root / f"train/ants/{number:03}.png", root / f"val/ants/copy{number}.png")
    (one,) = findings(root)
    assert one.rule == "duplicate-across-splits"
    assert one.evidence["pictures"] == 20
    assert "train/ants/000.png = val/ants/copy0.png" in one.evidence.values()
    assert len([key for key in one.evidence if key.startswith("example")]) == 10


def test_a_picture_in_other_split_and_class_is_a_wrong_label(
    healthy: dict[str, Path], tmp_path: Path
) -> None:
    root = copy_of(healthy["splits"], tmp_path)
    shutil.copy(root / "train/ants/000.png", root / "val/bees/copy.png")
    assert [one.rule for one in findings(root)] == ["duplicate-across-classes"]


def test_an_unlabelled_test_picture_that_is_learnt_from_is_a_leak(
    healthy: dict[str, Path], tmp_path: Path
) -> None:
    root = copy_of(healthy["splits"], tmp_path)
    fill(root / "test", 5, 700)
    shutil.copy(root / "train/ants/000.png", root / "test/copy.png")
    assert [one.rule for one in findings(root)] == ["duplicate-across-splits"]


def test_dark_pictures_are_normal_where_many_are_dark(healthy: dict[str, Path], tmp_path: Path) -> None:
    root = copy_of(healthy["classes"], tmp_path)
    for path in list(root.glob("*/*.png"))[::2]:
        with Image.open(path) as opened:
            darkened = opened.point(lambda value: value // 12)
        darkened.save(path)
    assert findings(root) == []


def test_a_frame_that_all_classes_have_gives_nothing_away(healthy: dict[str, Path], tmp_path: Path) -> None:
    root = copy_of(healthy["classes"], tmp_path)
    for path in root.glob("*/*.png"):
        with Image.open(path) as opened:
            framed = ImageOps.expand(opened.crop((4, 4, SIDE - 4, SIDE - 4)), 4, (0, 0, 0))
        framed.save(path)
    assert findings(root) == []


def test_scene_colours_that_differ_between_classes_give_nothing_away(tmp_path: Path) -> None:
    """Ships lie on blue water: that is what the pictures show, not how they were made."""
    for name, colour, first in (("ships", (40, 80, 200), 0), ("frogs", (60, 160, 50), 100)):
        (tmp_path / name).mkdir()
        for number in range(24):
            ground = Image.new("RGB", (SIDE, SIDE), colour)
            Image.blend(ground, picture(first + number), 0.4).save(tmp_path / name / f"{number}.png")
    assert findings(tmp_path) == []


def test_names_that_are_not_text_are_said_as_escapes(healthy: dict[str, Path], tmp_path: Path) -> None:
    root = copy_of(healthy["classes"], tmp_path)
    (root / "ants" / "a\nb.jpg").write_text("no picture")
    (one,) = findings(root)
    assert "“ants/a\\nb.jpg”" in one.message
    assert one.where.part == "ants/a\\nb.jpg"


def mislabelled(healthy: Path, confused: list[int]) -> list[Finding]:
    """Predictions that are mostly right; those in `confused` are surely of the other class."""
    random = np.random.default_rng(0)
    labels = np.repeat([0, 1], 24)
    right = random.uniform(0.7, 0.95, 48)
    right[confused] = 0.03
    probabilities = np.where(labels[:, None] == np.arange(2), right[:, None], 1 - right[:, None])
    return findings(healthy, predictions=OutOfFold(np.arange(48), probabilities))


def test_labels_that_networks_contradict_are_suspected(healthy: dict[str, Path]) -> None:
    (one,) = mislabelled(healthy["classes"], [3, 40])
    assert one.rule == "suspected-mislabel"
    assert one.severity is Severity.WARNING
    assert one.evidence["pictures"] == 2
    assert {one.evidence["example 1"], one.evidence["example 2"]} == {
        "ants/003.png → bees",
        "bees/016.png → ants",
    }


def test_labels_that_networks_confirm_are_not_suspected(healthy: dict[str, Path]) -> None:
    assert mislabelled(healthy["classes"], []) == []


def test_reasons_that_differ_are_not_said_of_all(healthy: dict[str, Path], tmp_path: Path) -> None:
    root = copy_of(healthy["classes"], tmp_path)
    cut_short(root)
    (root / "ants" / "empty.png").touch()
    (one,) = (found for found in findings(root) if found.rule == "unreadable-image")
    assert "cut.jpg: The file is cut short" in one.message or "empty.png: The file is empty." in one.message
    assert {one.evidence["reason 1"], one.evidence["reason 2"]} > {"The file is empty."}
