"""Scanning real folders."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from cnngui.cancel import Cancel
from cnngui.data.index import DatasetIndex, scan
from cnngui.errors import RequestError


def picture(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (4, 3), (200, 30, 30)).save(path)


def index_of(root: Path) -> DatasetIndex:
    *_, index = scan(root, Cancel())
    assert isinstance(index, DatasetIndex)
    return index


def test_class_folders(tmp_path: Path) -> None:
    for name in ("bees/b.JPG", "Ants/a 1.png", "Ants/🐜.gif"):
        picture(tmp_path / name)
    index = index_of(tmp_path)
    assert index.classes == ("Ants", "bees")
    assert [(record.path, record.label) for record in index.records] == [
        ("Ants/a 1.png", 0),
        ("Ants/🐜.gif", 0),
        ("bees/b.JPG", 1),
    ]


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.write_text("x")])
def test_a_root_that_is_no_folder(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "x")
    with pytest.raises(RequestError):
        index_of(tmp_path / "x")
