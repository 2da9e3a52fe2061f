"""The rule for wrong labels alone, on what networks said: what the window asks for after a training."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from cnngui.cancel import Cancel
from cnngui.checker import labels
from cnngui.checker.labels import suspects
from cnngui.engine.results import OutOfFold
from cnngui.engine.spec import TrainConfig
from tests.pictures import make_pictures, scanned


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Three classes of 20 pictures each."""
    return make_pictures(tmp_path / "pictures")


def test_wrong_labels_are_named_and_their_pictures_given(
    pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        shutil.move(pictures / "red" / f"{number:02}.png", pictures / "green" / f"wrong {number}.png")
    index = scanned(pictures)
    red = index.classes.index("red")
    colours = np.array([red if "wrong" in record.path else record.label for record in index.records])
    sure = np.where(colours[:, None] == np.arange(3), 0.9, 0.05)
    said = OutOfFold(np.arange(len(colours)), sure)
    monkeypatch.setattr(labels, "judged", lambda *_: said)
    found = suspects(index, Cancel(), lambda *_: None, TrainConfig())
    assert found is not None
    paths = [index.records[position].path for position in found.positions]
    assert sorted(paths) == [f"green/wrong {number}.png" for number in range(3)]
    (finding,) = found.findings
    assert finding.rule == "suspected-mislabel"
    assert finding.where.part == paths[0]


def test_a_stop_gives_nothing(pictures: Path) -> None:
    cancel = Cancel()
    cancel.stop()
    assert suspects(scanned(pictures), cancel, lambda *_: None, TrainConfig()) is None
