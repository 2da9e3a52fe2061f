"""cnngui classify: formats, folders, bad pictures, output files."""

import csv
import io
import json
import os
from pathlib import Path

import pytest

from cnngui.cli.support.walk import Walk
from tests.unit.cli.conftest import Cnngui, draw_pictures


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two good pictures, two bad ones, and what is passed over, in names that hurt."""
    top = draw_pictures(tmp_path / "to classify", 1)
    (top / "blue sky" / "zero.jpg").touch()
    (top / "red 🍎" / 'a,b "c".PNG').write_text("not a picture")
    (top / ".hidden.jpg").write_text("passed over")
    (top / ".cache").mkdir()
    (top / ".cache" / "x.jpg").write_text("passed over")
    (top / "notes.txt").write_text("passed over")
    return top


def test_jsonl_is_one_object_per_picture_in_order(cnngui: Cnngui, model: Path, folder: Path) -> None:
    said = cnngui("classify", model, folder, folder / "missing.jpg", "--format", "jsonl", "--top", 2)
    assert said.status == 1
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert [Path(row["path"]).name for row in rows] == [
        "000.jpg",
        "zero.jpg",
        "000.jpg",
        'a,b "c".PNG',
        "missing.jpg",
    ]
    assert [list(row) for row in rows] == [
        ["path", "label", "probability", "sure", "top", "familiar"] if number in (0, 2) else ["path", "error"]
        for number in range(5)
    ]
    assert [rows[0]["label"], rows[2]["label"]] == ["blue sky", "red 🍎"]
    for row in (rows[0], rows[2]):
        assert row["top"][0] == [row["label"], row["probability"]]
        assert sum(probability for _, probability in row["top"]) == pytest.approx(1, abs=1e-5)
    assert "2 pictures classified; 3 cannot be used" in said.err


def test_csv_survives_any_name(cnngui: Cnngui, model: Path, folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    said = cnngui("classify", model, folder, "--format", "csv", "-o", target)
    assert said.status == 1
    assert said.out == ""
    assert str(target) in said.err
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    assert list(rows[0]) == [
        "path",
        "label",
        "probability",
        "sure",
        "error",
        "familiar",
        "label_2",
        "probability_2",
    ]
    assert rows[0]["label"] == "blue sky"
    assert rows[0]["label_2"] == "red 🍎"
    assert rows[3]["path"].endswith('a,b "c".PNG')
    assert rows[3]["error"]
    assert rows[3]["label"] == ""


def test_csv_holds_no_formulas(
    cnngui: Cnngui, model: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    Path("=1+1.jpg").write_bytes((folder / "red 🍎" / "000.jpg").read_bytes())
    said = cnngui("classify", model, "=1+1.jpg", "--format", "csv")
    assert said.out.splitlines()[1].startswith("'=1+1.jpg,red 🍎,")


def test_the_table_is_for_reading(cnngui: Cnngui, model: Path, folder: Path) -> None:
    said = cnngui("classify", model, folder / "red 🍎" / "000.jpg", "--top", 1)
    assert said.status == 0
    assert said.out.count("\n") == 1
    assert said.out.startswith("red 🍎")
    assert said.out.endswith("000.jpg\n")
    assert " %" in said.out


def test_unsure_is_what_is_asked_for(cnngui: Cnngui, model: Path, folder: Path) -> None:
    picture = folder / "red 🍎" / "000.jpg"
    assert "not sure" in cnngui("classify", model, picture, "--unsure-below", 1).out
    assert "not sure" not in cnngui("classify", model, picture, "--unsure-below", 0).out


@pytest.mark.skipif(os.name == "nt", reason="names there are text, never bytes")
def test_names_that_are_not_utf8_come_out_as_they_went_in(
    cnngui: Cnngui, model: Path, folder: Path, tmp_path: Path
) -> None:
    picture = tmp_path / os.fsdecode(b"caf\xe9.jpg")
    picture.write_bytes((folder / "blue sky" / "000.jpg").read_bytes())
    cnngui("classify", model, picture, "--format", "csv", "-o", tmp_path / "out.csv")
    assert b"caf\xe9.jpg" in (tmp_path / "out.csv").read_bytes()
    (row,) = cnngui("classify", model, picture, "--format", "jsonl").out.splitlines()
    assert os.fsencode(json.loads(row)["path"]) == os.fsencode(picture)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["nowhere.safetensors", "good"], "There is no model file"),
        (["empty", "good"], "is a folder"),
        (["text", "good"], "is not a cnngui model file"),
        (["MODEL", "empty"], "There are no pictures in empty"),
        (["MODEL", "good", "-o", "nowhere/out.csv"], "Cannot write"),
        (["MODEL", "good", "-o", "empty"], "it is a folder"),
    ],
)
def test_what_cannot_be_met_is_one_sentence(
    cnngui: Cnngui,
    model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    part: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("hello")
    draw_pictures(tmp_path / "good", 1)
    said = cnngui("classify", *[str(model) if argument == "MODEL" else argument for argument in arguments])
    assert said.status == 2
    assert said.out == ""
    assert part in said.sentence


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_fills_up_on_the_way_is_one_sentence(cnngui: Cnngui, model: Path, folder: Path) -> None:
    said = cnngui("classify", model, folder, "-o", "/dev/full")
    assert said.status == 2
    assert "No space left" in said.err.splitlines()[-1]


def test_a_walk_is_ordered_repeatable_and_passes_over_what_is_no_picture(folder: Path) -> None:
    suffixes = frozenset({".jpg", ".png"})
    (folder / "blue sky" / "again").symlink_to(folder, target_is_directory=True)
    walk = Walk([folder, folder / "notes.txt", folder / "missing"], suffixes)
    names = [path.name for path in walk]
    assert names == ["000.jpg", "zero.jpg", "000.jpg", 'a,b "c".PNG', "notes.txt", "missing"]
    assert [path.name for path in walk] == names
    assert walk.refused == {}


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="POSIX permissions")
def test_a_folder_that_cannot_be_listed_is_an_item_of_its_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("blue sky"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    walk = Walk([folder], frozenset({".jpg"}))
    assert [path.name for path in walk] == ["blue sky", "000.jpg"]
    assert walk.refused[str(folder / "blue sky")] == "The folder cannot be listed: Permission denied."
