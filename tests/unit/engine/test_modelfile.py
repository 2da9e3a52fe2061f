import json
import os
import pickle
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save as to_bytes

from cnngui.engine import header, modelfile
from cnngui.engine.classify import Classifier
from cnngui.engine.header import Drawn, ModelHeader
from cnngui.engine.models import registry
from cnngui.engine.spec import ImageSpec
from cnngui.errors import RequestError

HEADER = ModelHeader(
    architecture="simple_cnn",
    classes=("Ä", "b 🐝"),
    spec=ImageSpec(32, 36, "pad"),
    parameters=267_618,
    temperature=1.5,
    unsure_below=0.6,
    val_images=10,
    val_accuracy=0.9,
    val_accuracy_interval=(0.6, 0.98),
    val_loss=None,
    fingerprint="f",
    config={"epochs": 3, "model": "simple_cnn", "minutes": None},
    versions={"torch": "2"},
    created="2026-01-01T00:00:00+00:00",
    note="",
    looks=6,
    drawn=Drawn(images=80, wanted=0.95, answered=0.75, right=0.96),
    unfamiliar_below=-3.25,
)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    modelfile.save(path, HEADER, registry.build("simple_cnn", 2).state_dict())
    return path


def test_comes_back_as_it_was(model: Path) -> None:
    state = registry.build("simple_cnn", 2).state_dict()
    modelfile.save(model, HEADER, state)
    read, tensors = modelfile.load(model)
    assert read == HEADER == header.read(model)
    assert tensors.keys() == state.keys()
    assert all(torch.equal(tensors[name], state[name]) for name in state)


def test_a_file_of_before_lines_were_drawn_is_read(model: Path) -> None:
    values = json.loads(HEADER.to_json())
    del values["drawn"], values["unfamiliar_below"]
    model.write_bytes(foreign(values))
    read = header.read(model)
    assert (read.drawn, read.unfamiliar_below) == (None, None)
    assert "the usual line" in read.certainty
    assert "75%" in HEADER.certainty


def test_half_precision_is_half_the_size_and_comes_back_as_float32(tmp_path: Path, model: Path) -> None:
    network = registry.build("resnet_small", 2)
    full, half = tmp_path / "full.safetensors", tmp_path / "half.safetensors"
    modelfile.save(full, HEADER, network.state_dict())
    modelfile.save(half, HEADER, network.state_dict(), half=True)
    assert half.stat().st_size < 0.52 * full.stat().st_size
    _, tensors = modelfile.load(half)
    for name, tensor in network.state_dict().items():
        assert tensors[name].dtype == tensor.dtype
        assert torch.allclose(tensors[name].float(), tensor.float(), rtol=1e-3, atol=1e-6)


def test_the_header_is_read_without_torch(model: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from cnngui.engine import header;"
        f"print(header.read(Path({str(model)!r})).classes[0] == 'Ä', 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


def broken(model: Path, what: str) -> None:
    """Make the good model file at `model` a bad one."""
    data = model.read_bytes()
    written = json.loads(HEADER.to_json())
    deep = b"{" + b'"a":[' * 100_000
    contents = {
        "half": data[: len(data) // 2],
        "one byte short": data[:-1],
        "in the header": data[:100],
        "empty": b"",
        "text": b"These are not the weights you are looking for.",
        "plain pickle": pickle.dumps({"a": 1}),
        "foreign": to_bytes({"a": torch.ones(2)}),
        "later": foreign(written | {"format": header.FORMAT_VERSION + 1}),
        "no classes": foreign(written | {"classes": []}),
        "size missing": foreign(written | {"spec": {"resize": 32}}),
        "size of millions": foreign(written | {"spec": {"size": 32, "resize": 4_000_000}}),
        "three looks": foreign(written | {"looks": 3}),
        "nested too deep": struct.pack("<Q", len(deep)) + deep,
    }
    if what == "gone":
        model.unlink()
    elif what == "zip pickle":
        torch.save({"a": torch.ones(2)}, model)
    else:
        model.write_bytes(contents[what])


def foreign(written: dict[str, object]) -> bytes:
    return to_bytes({"a": torch.ones(2)}, metadata={header.KEY: json.dumps(written)})


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("half", "is cut short"),
        ("one byte short", "is cut short"),
        ("in the header", "is cut short"),
        ("empty", "it is empty"),
        ("text", "some other kind of file"),
        ("zip pickle", "never opens one"),
        ("plain pickle", "never opens one"),
        ("foreign", "without cnngui's header"),
        ("later", "later version of cnngui"),
        ("no classes", "damaged header"),
        ("size missing", "damaged header"),
        ("size of millions", "damaged header"),
        ("three looks", "damaged header"),
        ("nested too deep", "damaged header"),
        ("gone", "There is no model file"),
    ],
)
def test_each_bad_file_gets_its_sentence(model: Path, what: str, said: str) -> None:
    broken(model, what)
    for read in (header.read, modelfile.load):
        with pytest.raises(RequestError, match=said) as caught:
            read(model)
        assert "\n" not in str(caught.value)


def test_a_folder_is_not_a_model_file(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="is a folder"):
        header.read(tmp_path)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (replace(HEADER, unsure_below=2.0), "no line"),
        (replace(HEADER, temperature=1e-320), "no temperature"),
        (replace(HEADER, spec=ImageSpec(32, 36, std=(0.0, 1.0, 1.0))), "no normalisation"),
    ],
)
def test_numbers_that_no_training_writes_are_refused(tmp_path: Path, changed: ModelHeader, said: str) -> None:
    path = tmp_path / "odd.safetensors"
    modelfile.save(path, changed, registry.build("simple_cnn", 2).state_dict())
    with pytest.raises(RequestError, match=said):
        modelfile.load(path)


def test_weights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    state = registry.build("simple_cnn", 2).state_dict()
    state["conv1.weight"].fill_(torch.nan)
    modelfile.save(tmp_path / "nan.safetensors", HEADER, state)
    with pytest.raises(RequestError, match="not numbers"):
        Classifier.open(tmp_path / "nan.safetensors")


def test_a_size_that_the_network_does_not_take_is_refused(tmp_path: Path) -> None:
    state = registry.build("simple_cnn", 2).state_dict()
    modelfile.save(tmp_path / "odd.safetensors", replace(HEADER, spec=ImageSpec(8, 9)), state)
    with pytest.raises(RequestError, match="does not take 8 × 8"):
        Classifier.open(tmp_path / "odd.safetensors")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(RequestError, match="not an ordinary file"):
        header.read(tmp_path / "pipe")
