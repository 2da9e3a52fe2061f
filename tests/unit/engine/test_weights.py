from pathlib import Path

import pytest
import torch

from cnngui.cancel import Cancel
from cnngui.engine.events import EpochDone, RunEnded
from cnngui.engine.models import registry
from cnngui.engine.spec import TrainConfig
from cnngui.engine.train import train
from cnngui.engine.weights import begin_from
from cnngui.errors import RequestError
from tests.pictures import scanned


@pytest.fixture
def trained(pictures: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "first"
    folder.mkdir()
    *_, end = train(scanned(pictures), TrainConfig(epochs=6, batch_size=8, device="cpu"), folder, Cancel())
    assert isinstance(end, RunEnded)
    assert end.model is not None
    return Path(end.model)


def test_training_begins_where_the_other_ended(pictures: Path, tmp_path: Path, trained: Path) -> None:
    (tmp_path / "second").mkdir()
    config = TrainConfig(epochs=1, device="cpu", learning_rate=1e-9, weights=str(trained))
    epochs = [
        event
        for event in train(scanned(pictures), config, tmp_path / "second", Cancel())
        if isinstance(event, EpochDone)
    ]
    assert epochs[0].val_accuracy == 1.0


def test_other_classes_take_all_but_the_last_layer(trained: Path) -> None:
    before = registry.build("simple_cnn", 5)
    head = before.state_dict()["fc2.weight"].clone()
    begin_from(trained, "simple_cnn", ("a", "b", "c", "d", "e"), before)
    same = registry.build("simple_cnn", 3)
    begin_from(trained, "simple_cnn", ("blue", "green", "red"), same)
    assert torch.equal(before.state_dict()["conv1.weight"], same.state_dict()["conv1.weight"])
    assert torch.equal(before.state_dict()["fc2.weight"], head)
    renamed = registry.build("simple_cnn", 3)
    head = renamed.state_dict()["fc2.weight"].clone()
    begin_from(trained, "simple_cnn", ("x", "y", "z"), renamed)
    assert torch.equal(renamed.state_dict()["fc2.weight"], head)


def test_what_does_not_fit_is_refused(trained: Path, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="holds a simple_cnn, not a resnet_small"):
        begin_from(trained, "resnet_small", ("a", "b"), registry.build("resnet_small", 2))
    with pytest.raises(RequestError, match="There is no model file"):
        begin_from(tmp_path / "none", "simple_cnn", ("a", "b"), registry.build("simple_cnn", 2))
