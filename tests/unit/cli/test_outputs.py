"""No command writes in the place of what it reads, or of anything else that it did not write."""

import shutil
from pathlib import Path

import pytest
from PIL import Image

from tests.unit.cli.conftest import Cnngui, draw_pictures


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", "good", "-o", "PICTURE"],
        ["train", "good", "-o", "labels.csv"],
        ["train", "good", "-o", "m", "--weights", "m"],
        ["classify", "m", "good", "-o", "PICTURE"],
        ["classify", "m", "good", "-o", "m"],
        ["classify", "m", "list", "-o", "list"],
        ["classify", "m", "good", "-o", "labels.csv"],
        ["explain", "m", "PICTURE", "-o", "PICTURE"],
        ["explain", "m", "PICTURE", "-o", "other.png"],
        ["explain", "m", "PICTURE", "-o", "link.png"],
        ["explain", "m", "PICTURE", "-o", "m"],
        ["export", "m", "--to", "onnx", "-o", "PICTURE"],
        ["export", "m", "--to", "pt2", "-o", "m"],
        ["export", "m", "--to", "pt2", "-o", "labels"],
        ["export", "m", "--to", "pt2", "-o", "labels.csv"],
    ],
)
def test_what_is_not_of_its_own_making_no_command_writes_over(
    cnngui: Cnngui, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    draw_pictures(tmp_path / "good", 4)
    picture = tmp_path / "good" / "blue sky" / "000.jpg"
    shutil.copy(model, "m")
    shutil.copy(picture, "list")  # a picture whose name does not say so
    Path("link.png").symlink_to(picture)
    Image.new("RGB", (9, 9)).save("other.png")
    Path("labels.csv").write_text("path,label\n000.jpg,blue\n")
    Path("labels.json").write_text('{"000.jpg": "blue"}')
    files = [path for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    before = [path.read_bytes() for path in files]
    said = cnngui(*[str(picture) if argument == "PICTURE" else argument for argument in arguments])
    assert said.status == 2
    assert said.out == ""
    assert "would be lost" in said.sentence
    assert [path for path in sorted(tmp_path.rglob("*")) if path.is_file()] == files
    assert [path.read_bytes() for path in files] == before


def test_what_a_command_wrote_before_may_be_written_anew(
    cnngui: Cnngui, model: Path, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    picture, bad = pictures / "blue sky" / "000.jpg", tmp_path / "bad.jpg"
    bad.write_text("words")
    Path("new.pt2").touch()  # as mktemp leaves it
    for _ in range(2):
        assert cnngui("explain", model, picture, "-o", "why.png").status == 0
        assert cnngui("explain", model, picture, "-o", "why.png", "--method", "occlusion").status == 0
        for form in ("table", "csv", "jsonl"):
            for first in (picture, bad):
                arguments = ("classify", model, first, picture, "-o", "answers", "--format", form)
                assert cnngui(*arguments).status == (first == bad)
        assert cnngui("export", model, "--to", "pt2", "-o", "new.pt2").status == 0
        assert cnngui("train", pictures, "-o", "m", "--epochs", 1, "--device", "cpu").status == 0
