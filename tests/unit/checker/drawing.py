"""Real picture folders for the folder rules: blotches and grain, every picture unlike every other."""

from pathlib import Path

import numpy as np
from PIL import Image

from cnngui.cancel import Cancel
from cnngui.checker.finding import Finding
from cnngui.checker.folder import check_folder
from cnngui.checker.folder_facts import FolderFacts
from cnngui.checker.rule import Registry
from cnngui.checker.rules.data import RULES
from cnngui.engine.results import OutOfFold

SIDE = 48


def picture(seed: int, side: int = SIDE) -> Image.Image:
    """A square picture of its own, the same for the same seed."""
    random = np.random.default_rng(seed)
    blotches = Image.fromarray(random.integers(20, 236, (7, 7, 3), np.uint8))
    smooth = np.asarray(blotches.resize((side, side), Image.Resampling.BICUBIC), np.float32)
    grain = random.normal(0, 12, (side, side, 1))
    return Image.fromarray(np.clip(smooth + grain, 0, 255).astype(np.uint8))


def fill(folder: Path, count: int, first: int, side: int = SIDE) -> None:
    """`count` PNG files 000.png, … of the pictures from seed `first` on."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        picture(first + number, side).save(folder / f"{number:03}.png")


def classes(root: Path, side: int = SIDE) -> Path:
    """Two classes of 24 pictures each, with nothing wrong about them."""
    fill(root / "ants", 24, 0, side)
    fill(root / "bees", 24, 100, side)
    return root


def splits(root: Path) -> Path:
    """The same in train, and 6 pictures of each class in val."""
    classes(root / "train")
    fill(root / "val" / "ants", 6, 200)
    fill(root / "val" / "bees", 6, 300)
    return root


def findings(
    root: Path,
    size: int = 32,
    predictions: OutOfFold | None = None,
    rules: Registry[FolderFacts] = RULES,
) -> list[Finding]:
    steps = check_folder(root, Cancel(), size, predictions=predictions, rules=rules)
    return [item for item in steps if isinstance(item, Finding)]
