"""No command writes in the place of what it reads."""

import shutil
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Cnngui, draw_pictures


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", "good", "-o", "PICTURE"],
        ["classify", "m", "good", "-o", "PICTURE"],
        ["classify", "m", "good", "-o", "m"],
        ["classify", "m", "list", "-o", "list"],
        ["explain", "m", "PICTURE", "-o", "PICTURE"],
        ["explain", "m", "PICTURE", "-o", "link.png"],
        ["explain", "m", "PICTURE", "-o", "m"],
        ["export", "m", "--to", "onnx", "-o", "PICTURE"],
        ["export", "m", "--to", "pt2", "-o", "m"],
    ],
)
def test_a_picture_or_model_that_is_read_is_not_written_over(
    cnngui: Cnngui, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    draw_pictures(tmp_path / "good", 4)
    picture = tmp_path / "good" / "blue sky" / "000.jpg"
    shutil.copy(model, "m")
    shutil.copy(picture, "list")  # a picture whose name does not say so
    Path("link.png").symlink_to(picture)
    files = [path for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    before = [path.read_bytes() for path in files]
    said = cnngui(*[str(picture) if argument == "PICTURE" else argument for argument in arguments])
    assert said.status == 2
    assert said.out == ""
    assert "would be lost" in said.sentence
    assert [path for path in sorted(tmp_path.rglob("*")) if path.is_file()] == files
    assert [path.read_bytes() for path in files] == before


def test_what_a_command_wrote_before_may_be_written_anew(
    cnngui: Cnngui, model: Path, pictures: Path, tmp_path: Path
) -> None:
    picture, target = pictures / "blue sky" / "000.jpg", tmp_path / "why.png"
    for _ in range(2):
        assert cnngui("explain", model, picture, "-o", target).status == 0
        assert cnngui("classify", model, picture, "-o", tmp_path / "answers.csv").status == 0
