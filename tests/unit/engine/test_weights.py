from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from cnngui.cancel import Cancel
from cnngui.engine.events import EpochDone, RunEnded
from cnngui.engine.models import registry
from cnngui.engine.spec import TrainConfig
from cnngui.engine.train import train
from cnngui.engine.weights.file import identify, read, take
from cnngui.engine.weights.names import torchvisions
from cnngui.errors import RequestError
from tests.pictures import scanned

STANDIN = Path(__file__).parents[4] / "shared" / "weights" / "mobilenet_v2-imagenet-standin.pth"


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
    weights = read(trained)
    before = registry.build("simple_cnn", 5)
    head = before.state_dict()["fc2.weight"].clone()
    said = take(weights, "simple_cnn", ("a", "b", "c", "d", "e"), before)
    assert "6 of 8 tensors were taken" in said
    same = registry.build("simple_cnn", 3)
    take(weights, "simple_cnn", ("blue", "green", "red"), same)
    assert torch.equal(before.state_dict()["conv1.weight"], same.state_dict()["conv1.weight"])
    assert torch.equal(before.state_dict()["fc2.weight"], head)
    renamed = registry.build("simple_cnn", 3)
    head = renamed.state_dict()["fc2.weight"].clone()
    take(weights, "simple_cnn", ("x", "y", "z"), renamed)
    assert torch.equal(renamed.state_dict()["fc2.weight"], head)


def test_what_does_not_fit_is_refused(trained: Path, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="holds a simple_cnn, not a resnet_small"):
        take(read(trained), "resnet_small", ("a", "b"), registry.build("resnet_small", 2))
    with pytest.raises(RequestError, match="There is no weights file"):
        read(tmp_path / "none")
    other = tmp_path / "other.pth"
    torch.save(registry.build("resnet_small", 4).state_dict(), other)
    with pytest.raises(RequestError, match="not those of simple_cnn: 0 of its 6 tensors"):
        take(read(other), "simple_cnn", ("a", "b"), registry.build("simple_cnn", 2))
    wider = registry.build("resnet_small", 2).state_dict()
    wider["features.0.weight"] = torch.zeros(64, 3, 2, 2)
    torch.save(wider, other)
    with pytest.raises(RequestError, match="not those of resnet_small"):
        take(read(other), "resnet_small", ("a", "b"), registry.build("resnet_small", 2))


class Payload:
    """What would run code on unpickling."""

    def __reduce__(self) -> tuple[object, ...]:
        return (print, ("ran",))


def test_no_file_runs_code_and_each_is_refused_in_a_sentence(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "weights.pth"
    torch.save({"state_dict": Payload()}, path)
    with pytest.raises(RequestError, match=r"could run code.*state_dict"):
        read(path)
    assert "ran" not in capfd.readouterr().out
    torch.save({"epoch": 3}, path)
    with pytest.raises(RequestError, match="holds no network's weights"):
        read(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RequestError, match="damaged"):
        read(path)
    path.write_bytes(b"GIF89a, or whatever")
    with pytest.raises(RequestError, match="not a file of weights"):
        read(path)
    path.write_bytes(b"\x20\0\0\0\0\0\0\0{broken")
    with pytest.raises(RequestError, match="damaged"):
        read(path)


@pytest.mark.parametrize("prefix", ["", "module.", "_orig_mod."])
def test_other_peoples_files_are_read_and_known_by_their_shapes(tmp_path: Path, prefix: str) -> None:
    theirs = registry.build("resnet_small", 7)
    state = {prefix + name: tensor for name, tensor in theirs.state_dict().items()}
    torch.save({"epoch": 3, "state_dict": state}, tmp_path / "a.pth")
    save_file(state, tmp_path / "a.safetensors")
    for file in ("a.pth", "a.safetensors"):
        weights = read(tmp_path / file)
        assert identify(weights) == "resnet_small"
        ours = registry.build("resnet_small", 7)
        head = ours.state_dict()["fc.weight"].clone()
        take(weights, "resnet_small", ("a", "b", "c", "d", "e", "f", "g"), ours)
        assert torch.equal(ours.state_dict()["features.0.weight"], theirs.state_dict()["features.0.weight"])
        # As many classes, but nobody knows which.
        assert torch.equal(ours.state_dict()["fc.weight"], head)


def test_timms_convnext_is_translated() -> None:
    ours = registry.build("convnext_tiny", 10).state_dict()
    words = {
        "stem.0.weight": "features.0.0.weight",
        "stem.1.bias": "features.0.1.bias",
        "stages.0.blocks.2.gamma": "features.1.2.layer_scale",
        "stages.2.blocks.8.conv_dw.weight": "features.5.8.block.0.weight",
        "stages.3.blocks.0.norm.bias": "features.7.0.block.2.bias",
        "stages.1.blocks.1.mlp.fc1.weight": "features.3.1.block.3.weight",
        "stages.1.blocks.1.mlp.fc2.bias": "features.3.1.block.5.bias",
        "stages.1.downsample.0.weight": "features.2.0.weight",
        "stages.3.downsample.1.bias": "features.6.1.bias",
        "head.norm.weight": "classifier.0.weight",
    }
    theirs = {name: ours[word].squeeze() if "gamma" in name else ours[word] for name, word in words.items()}
    found = torchvisions(theirs, ours)
    assert {name: tensor.shape for name, tensor in found.items()} == {
        word: ours[word].shape for word in words.values()
    }


@pytest.mark.skipif(not STANDIN.exists(), reason=f"{STANDIN} is not there")
def test_a_real_file_of_torchvisions() -> None:
    weights = read(STANDIN)
    assert identify(weights) == "mobilenet_v2"
    network = registry.build("mobilenet_v2", 2)
    assert "312 of 314 tensors" in take(weights, "mobilenet_v2", ("a", "b"), network)
    with pytest.raises(RequestError, match="not those of resnet18"):
        take(weights, "resnet18", ("a", "b"), registry.build("resnet18", 2))


def test_damaged_pickles_and_odd_tensors_are_one_sentence(tmp_path: Path) -> None:
    short = tmp_path / "short.pth"
    short.write_bytes(b"\x80")
    with pytest.raises(RequestError, match="is damaged"):
        read(short)
    odd = tmp_path / "odd.pth"
    torch.save({"a": torch.eye(3).to_sparse(), "b": torch.zeros(2, dtype=torch.complex64)}, odd)
    with pytest.raises(RequestError, match="no network's weights"):
        read(odd)
    broken = registry.build("simple_cnn", 3).state_dict()
    broken["conv1.weight"].fill_(torch.nan)
    torch.save(broken, tmp_path / "nan.pth")
    with pytest.raises(RequestError, match="not numbers"):
        take(read(tmp_path / "nan.pth"), "simple_cnn", ("a", "b", "c"), registry.build("simple_cnn", 3))
