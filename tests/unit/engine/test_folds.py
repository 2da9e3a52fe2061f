import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cnngui.cancel import Cancel
from cnngui.checker.label_noise import suspected
from cnngui.engine.cache import Cached, open_cache
from cnngui.engine.events import RunEnded, RunStarted
from cnngui.engine.folds import Folding, out_of_fold, spread
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.results import OutOfFold
from cnngui.engine.spec import ImageSpec, TrainConfig
from cnngui.errors import RequestError
from tests.pictures import make_pictures, scanned

CONFIG = TrainConfig(epochs=8, batch_size=8, learning_rate=3e-3, label_smoothing=0.0, device="cpu")


def test_wrong_labels_are_seen_by_networks_that_did_not_learn_them(pictures: Path) -> None:
    wrong = [f"green/wrong {number}.png" for number in range(2)]
    for number, path in enumerate(wrong):
        shutil.move(pictures / "red" / f"{number:02}.png", pictures / path)
    shutil.copy(pictures / "blue" / "01.png", pictures / "blue" / "copy.png")
    (pictures / "red" / "bad.png").write_bytes(b"x")
    index = scanned(pictures)
    *events, found = out_of_fold(index, CONFIG, Cancel(), folds=3)
    assert isinstance(found, OutOfFold)
    folds = [event for event in events if isinstance(event, Folding)]
    assert [event.done for event in folds] == sorted(event.done for event in folds)
    assert [event.number for event in folds if isinstance(event.event, RunEnded)] == [1, 2, 3]
    assert folds[-1].done == 1
    paths = [index.records[row].path for row in found.positions]
    assert len(paths) == 61
    assert "red/bad.png" not in paths
    assert np.allclose(found.probabilities.sum(1), 1)
    labels = np.array([index.records[row].label for row in found.positions])
    rows = suspected(labels, found.probabilities)
    # How many are given depends on chance; that all of them are wrong does not.
    assert {paths[row] for row in rows} <= set(wrong)
    likely = found.probabilities[[paths.index(path) for path in wrong]].argmax(1)
    assert likely.tolist() == [index.classes.index("red")] * 2


def test_what_the_configuration_leaves_open_is_decided_first(pictures: Path) -> None:
    index = scanned(pictures)
    open_ = replace(CONFIG, model="auto", method="auto", weights="auto", epochs=1)
    *events, found = out_of_fold(index, open_, Cancel(), folds=2)
    assert isinstance(found, OutOfFold)
    started = [event.event for event in events if isinstance(event, Folding)]
    assert {event.model for event in started if isinstance(event, RunStarted)} == {"simple_cnn"}


def test_folds_are_even_and_keep_equal_pictures_together(pictures: Path) -> None:
    shutil.copy(pictures / "blue" / "01.png", pictures / "red" / "copy.png")
    index = scanned(pictures)
    *_, cached = open_cache(index, ImagePipeline(ImageSpec(32, 32)), Cancel())
    assert isinstance(cached, Cached)
    fold = spread(index.records, cached, 5, seed=0)
    assert np.array_equal(fold, spread(index.records, cached, 5, seed=0))
    assert not np.array_equal(fold, spread(index.records, cached, 5, seed=1))
    labels = np.array([record.label for record in index.records])
    for label in range(3):
        counts = np.bincount(fold[labels == label], minlength=5)
        assert counts.min() >= 3
        assert counts.max() <= 5
    place = {record.path: fold[row] for row, record in enumerate(index.records)}
    assert place["blue/01.png"] == place["red/copy.png"]


def test_a_stop_ends_it_without_a_result(pictures: Path) -> None:
    cancel = Cancel()
    seen = []
    for item in out_of_fold(scanned(pictures), CONFIG, cancel, folds=2):
        seen.append(item)
        if isinstance(item, Folding) and item.done > 0:
            cancel.stop()
    assert all(isinstance(item, Folding) for item in seen)


def test_what_cannot_be_met_is_said(tmp_path: Path) -> None:
    root = make_pictures(tmp_path / "one", 2)
    with pytest.raises(RequestError, match="At least 2 folds"):
        list(out_of_fold(scanned(root), CONFIG, Cancel(), folds=1))
    with pytest.raises(RequestError, match="not in class folders"):
        list(out_of_fold(scanned(root / "red"), CONFIG, Cancel()))
