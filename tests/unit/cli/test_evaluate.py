"""cnngui evaluate: the documented JSON, the table, and what it refuses."""

import json
from pathlib import Path

from tests.unit.cli.conftest import Cnngui, draw_pictures


def test_json_holds_what_is_documented(cnngui: Cnngui, model: Path, tmp_path: Path) -> None:
    folder = draw_pictures(tmp_path / "new", 6)
    (folder / "blue sky" / "bad.jpg").touch()
    said = cnngui("evaluate", model, folder, "--format", "json")
    assert said.status == 1  # as everywhere: done, but one could not be read
    value = json.loads(said.out)
    assert list(value) == [
        "images",
        "accuracy",
        "accuracy_interval",
        "per_class",
        "confusion",
        "classes",
        "calibration_error",
        "unreadable",
        "balanced_accuracy",
        "reliability",
        "unsure_below",
        "answered",
        "answered_accuracy",
        "unfamiliar",
    ]
    assert value["images"] == 12
    assert value["classes"] == ["blue sky", "red 🍎"]
    assert list(value["per_class"]["red 🍎"]) == ["precision", "recall", "f1", "images"]
    assert sum(map(sum, value["confusion"])) == 12
    assert value["accuracy"] == (value["confusion"][0][0] + value["confusion"][1][1]) / 12
    assert sum(one["images"] for one in value["reliability"]) == 12
    assert value["unsure_below"] == 0.65  # too few pictures were held out to draw another line
    ((bad),) = value["unreadable"]
    assert bad["path"].endswith("bad.jpg")
    assert bad["error"]


def test_the_table_has_the_figures_and_the_matrix(cnngui: Cnngui, model: Path, tmp_path: Path) -> None:
    said = cnngui("evaluate", model, draw_pictures(tmp_path / "new", 3))
    assert said.status == 0
    assert said.out.startswith("accuracy ")
    assert "95 % interval" in said.out
    assert "PRECISION" in said.out
    assert "called →" in said.out
    assert said.err == ""


def test_the_line_is_explained_unless_another_is_asked_for(
    cnngui: Cnngui, model: Path, tmp_path: Path
) -> None:
    folder = draw_pictures(tmp_path / "new", 3)
    assert "the usual line" in cnngui("evaluate", model, folder).out
    said = cnngui("evaluate", model, folder, "--unsure-below", 1, "--looks", 1, "--format", "json")
    value = json.loads(said.out)
    assert value["unsure_below"] == 1
    assert value["answered"] < 1
    assert "the usual line" not in cnngui("evaluate", model, folder, "--unsure-below", 1).out


def test_a_number_of_looks_that_there_is_not_is_refused(cnngui: Cnngui, model: Path, pictures: Path) -> None:
    said = cnngui("evaluate", model, pictures, "--looks", 3)
    assert said.status == 2
    assert "'3' is not one of 1, 2, 6" in said.err


def test_flattery_is_named(cnngui: Cnngui, model: Path, pictures: Path) -> None:
    assert "flatter" in cnngui("evaluate", model, pictures).err


def test_a_split_is_used_and_named(cnngui: Cnngui, model: Path, tmp_path: Path) -> None:
    draw_pictures(tmp_path / "set" / "train", 4)
    draw_pictures(tmp_path / "set" / "test", 2)
    said = cnngui("evaluate", model, tmp_path / "set", "--format", "json")
    assert "Using the folder's test split: 4 pictures." in said.err
    assert json.loads(said.out)["images"] == 4


def test_a_class_is_known_by_another_spelling_and_one_without_pictures_has_no_figures(
    cnngui: Cnngui, model: Path, tmp_path: Path
) -> None:
    folder = draw_pictures(tmp_path / "new", 3, ("Blue Sky",))
    said = cnngui("evaluate", model, folder, "--format", "json")
    assert json.loads(said.out)["per_class"]["blue sky"]["images"] == 3
    lines = cnngui("evaluate", model, folder).out.splitlines()
    (absent,) = (line for line in lines if line.startswith("red 🍎") and "–" in line)
    assert absent.split()[2:] == ["–", "–", "–", "0"]


def test_classes_the_model_does_not_know_are_refused(cnngui: Cnngui, model: Path, tmp_path: Path) -> None:
    said = cnngui("evaluate", model, draw_pictures(tmp_path / "other", 2, ("green", "red 🍎")))
    assert said.status == 2
    assert "green" in said.err
    assert said.out == ""
