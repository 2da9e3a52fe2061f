"""cnngui explain and export: what they write and what they refuse."""

from pathlib import Path

import pytest
from PIL import Image

from tests.unit.cli.conftest import Cnngui


@pytest.mark.parametrize("method", ["grad-cam", "occlusion"])
def test_the_heat_is_laid_on_the_picture_enlarged_so_that_it_can_be_seen(
    cnngui: Cnngui, model: Path, pictures: Path, tmp_path: Path, method: str
) -> None:
    picture, target = pictures / "red 🍎" / "000.jpg", tmp_path / "why.png"
    before = picture.read_bytes()
    said = cnngui("explain", model, picture, "-o", target, "--method", method)
    assert said.status == 0
    assert said.out.startswith("red 🍎 ")
    with Image.open(target) as drawn:
        assert drawn.size == (5 * 48, 5 * 40)
        assert drawn.info["Description"].startswith("red 🍎 ")
    assert picture.read_bytes() == before
    assert said.out.startswith("red 🍎 " + cnngui("classify", model, picture, "--top", 1).out.split()[2])


def test_another_class_can_be_asked_for(cnngui: Cnngui, model: Path, pictures: Path, tmp_path: Path) -> None:
    picture = pictures / "red 🍎" / "000.jpg"
    said = cnngui("explain", model, picture, "-o", tmp_path / "why.png", "--class", "blue sky")
    assert said.out.startswith("blue sky ")
    refused = cnngui("explain", model, picture, "-o", tmp_path / "why.png", "--class", "grass")
    assert refused.status == 2
    assert "grass" in refused.sentence
    (tmp_path / "bad.jpg").write_text("no picture")
    assert "cannot be used" in cnngui("explain", model, tmp_path / "bad.jpg", "-o", tmp_path / "x").sentence
    misnamed = cnngui("explain", model, picture, "-o", tmp_path / "why.jpg")
    assert f"call it {tmp_path / 'why.png'}" in misnamed.sentence
    assert not (tmp_path / "why.jpg").exists()


def test_an_export_is_checked_and_says_so(
    cnngui: Cnngui, model: Path, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = cnngui("export", model, "--to", "python", "-o", "project", "--pictures", pictures / "blue sky")
    assert said.status == 0
    assert said.out.startswith("project: python, ")  # called as the user calls it
    assert "Checked on 30 pictures" in said.out
    assert (tmp_path / "project" / "predict.py").exists()
    again = cnngui("export", model, "--to", "python", "-o", "project")
    assert again.status == 2
    assert "is there already" in again.err
