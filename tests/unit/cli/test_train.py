"""cnngui train: what it says, writes, and refuses before any work is done."""

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnngui.cancel import Cancel
from cnngui.data.index import DatasetIndex, ScanProgress, scan
from cnngui.engine import header
from tests.unit.cli.conftest import Cnngui, draw_pictures

JSON_KEYS = [
    "model",
    "architecture",
    "device",
    "precision",
    "epochs",
    "seconds",
    "images",
    "train_images_per_second",
    "first_epoch_seconds",
    "val_images",
    "val_accuracy",
    "val_accuracy_interval",
    "val_loss",
    "stopped",
    "method",
]


def test_json_holds_what_is_documented(cnngui: Cnngui, pictures: Path, tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    said = cnngui("train", pictures, "-o", path, "--epochs", 2, "--device", "cpu", "--json", "--seed", 3)
    assert said.status == 0
    assert said.out.count("\n") == 1
    value = json.loads(said.out)
    assert list(value) == JSON_KEYS
    assert value["model"] == str(path)
    assert value["architecture"] == "simple_cnn"
    assert value["device"] == "cpu"
    assert value["epochs"] == 2
    assert value["images"] + value["val_images"] == 48
    low, high = value["val_accuracy_interval"]
    assert 0 <= low <= value["val_accuracy"] <= high <= 1
    assert value["stopped"] is False
    about = header.read(path)
    assert about.classes == ("blue sky", "red 🍎")
    assert about.config["seed"] == 3


def test_results_on_one_stream_and_messages_on_the_other(
    cnngui: Cnngui, pictures: Path, tmp_path: Path
) -> None:
    path = tmp_path / "m.safetensors"
    said = cnngui("train", pictures, "-o", path, "--epochs", 2, "--device", "cpu")
    assert said.status == 0
    assert str(path) in said.out
    assert "accuracy" in said.out
    assert "Epoch 1 of 2" in said.err
    assert "Using the processor" in said.err
    assert "Epoch" not in said.out


def test_validation_on_another_folder(cnngui: Cnngui, pictures: Path, tmp_path: Path) -> None:
    other = draw_pictures(tmp_path / "other", 5)
    said = cnngui(
        "train", pictures, "-o", tmp_path / "m", "--epochs", 1, "--val", other, "--json", "--device", "cpu"
    )
    value = json.loads(said.out)
    assert (value["images"], value["val_images"]) == (48, 10)


def test_without_a_run_to_go_on_with_resume_begins_one_and_says_so(
    cnngui: Cnngui, pictures: Path, tmp_path: Path
) -> None:
    said = cnngui("train", pictures, "-o", tmp_path / "m", "--epochs", 1, "--resume", "--device", "cpu")
    assert said.status == 0
    assert "no interrupted training" in said.err


def test_unreadable_pictures_are_named_and_left_out(cnngui: Cnngui, pictures: Path, tmp_path: Path) -> None:
    folder = tmp_path / "with bad ones"
    shutil.copytree(pictures, folder)
    (folder / "blue sky" / "bad.jpg").write_text("not a picture")
    said = cnngui("train", folder, "-o", tmp_path / "m", "--epochs", 1, "--device", "cpu", "--json")
    assert said.status == 0
    assert "bad.jpg: " in said.err
    assert json.loads(said.out)["images"] + json.loads(said.out)["val_images"] == 48


@pytest.mark.parametrize(
    ("folder", "output", "options", "part"),
    [
        ("nowhere", "m", [], "There is no folder"),
        ("file", "m", [], "is a file"),
        ("empty", "m", [], "empty"),
        ("one class", "m", [], "class"),
        ("good", "nowhere/m", [], "Cannot write"),
        ("good", "empty", [], "it is a folder"),
        ("good", "file/m", [], "Cannot write"),
        ("good", "m", ["--model", "simple_cn"], "Did you mean simple_cnn?"),
        ("good", "m", ["--val", "nowhere"], "There is no folder"),
        ("good", "m", ["--val", "file"], "is a file"),
        ("good", "m", ["--val", "good", "--val-fraction", "0.3"], "use one"),
    ],
)
def test_what_cannot_be_met_is_one_sentence_and_leaves_nothing(
    cnngui: Cnngui,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    folder: str,
    output: str,
    options: list[str],
    part: str,
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.chdir(place)
    (place / "file").touch()
    (place / "empty").mkdir()
    draw_pictures(place / "one class", 4, ("only",))
    draw_pictures(place / "good", 4)
    before = sorted(place.rglob("*"))
    said = cnngui("train", folder, "-o", output, *options)
    assert said.status == 2
    assert said.out == ""
    assert part in said.sentence
    assert sorted(place.rglob("*")) == before


def test_a_disk_too_full_for_the_model_is_said_before_anything_is_read(
    cnngui: Cnngui, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=500_000))
    said = cnngui("train", pictures, "-o", tmp_path / "m", "--model", "simple_cnn")
    assert said.status == 2
    assert "it needs 1.1 MB, and its disk has 0.5 MB left" in said.sentence


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_place_is_said_before_the_training(
    cnngui: Cnngui, pictures: Path, tmp_path: Path
) -> None:
    place = tmp_path / "read only"
    place.mkdir(mode=0o555)
    said = cnngui("train", pictures, "-o", place / "m")
    assert said.status == 2
    assert "Permission denied" in said.sentence


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_stopped_before_it_began_nothing_is_written(
    cnngui: Cnngui, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted_scan(root: Path, cancel: Cancel) -> Iterator[ScanProgress | DatasetIndex]:
        os.kill(os.getpid(), signal.SIGTERM)
        return scan(root, cancel)

    monkeypatch.setattr("cnngui.cli.support.training.scan", interrupted_scan)
    said = cnngui("train", pictures, "-o", tmp_path / "m")
    assert said.status == 128 + signal.SIGTERM
    assert said.out == ""
    assert said.err.splitlines()[-1] == "Stopped before the training began; nothing was written."
    assert not (tmp_path / "m").exists()
