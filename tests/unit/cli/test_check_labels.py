"""cnngui check FOLDER --labels: wrong labels, found by trainings."""

import json
from pathlib import Path

import pytest

from cnngui.checker import labels
from cnngui.engine.spec import TrainConfig
from tests.unit.cli.conftest import Cnngui, draw_pictures


def test_a_wrong_label_is_found(cnngui: Cnngui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "TrainConfig", lambda: TrainConfig(epochs=3, device="cpu"))
    root = draw_pictures(tmp_path / "pictures", 20)
    for number in range(4):
        (root / "blue sky" / f"{number:03}.jpg").rename(root / "red 🍎" / f"wrong {number}.jpg")
    said = cnngui("check", root, "--labels", "--select", "suspected-mislabel", "--format", "json")
    (finding,) = json.loads(said.out)
    assert finding["rule"] == "suspected-mislabel"
    assert "red 🍎/wrong " in finding["message"]
    assert said.status == 1
    assert cnngui("check", root, "--select", "suspected-mislabel").status == 0
