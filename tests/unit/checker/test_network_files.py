"""What is said of model files of every kind, and that nothing in them is run."""

import json
import os
import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from cnngui.checker.finding import Finding, Severity
from cnngui.checker.modelcheck import check_file
from cnngui.engine import modelfile
from cnngui.engine.header import ModelHeader
from cnngui.engine.models import registry
from cnngui.engine.spec import ImageSpec
from cnngui.errors import RequestError

CLASSES = ("cat", "dog", "fox")


def rules(findings: list[Finding], *severities: Severity) -> set[str]:
    return {one.rule for one in findings if not severities or one.severity in severities}


def loud(findings: list[Finding]) -> set[str]:
    return rules(findings, Severity.ERROR, Severity.WARNING)


def model(path: Path, network: nn.Module, classes: tuple[str, ...] = CLASSES, size: int = 32) -> Path:
    header = ModelHeader(
        architecture="simple_cnn",
        classes=classes,
        spec=ImageSpec(size, size),
        parameters=1,
        temperature=1.0,
        unsure_below=0.5,
        val_images=0,
        val_accuracy=None,
        val_accuracy_interval=None,
        val_loss=None,
        fingerprint="",
        config={},
        versions={},
        created="2026-01-01T00:00:00+00:00",
        note="",
    )
    modelfile.save(path, header, network.state_dict())
    return path


@pytest.fixture
def network() -> nn.Module:
    return registry.build("simple_cnn", len(CLASSES))


class Bomb:
    """Unpickled, it writes a file: the test that nothing is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (str(self.path),)


def test_a_model_of_ours_is_checked_as_the_network_it_holds(tmp_path: Path, network: nn.Module) -> None:
    found = check_file(model(tmp_path / "m.safetensors", network))
    assert rules(found) == {"fixed-size", "output-not-probabilities"}
    assert loud(check_file(tmp_path / "m.safetensors", size=64)) == {"wrong-picture-size"}
    assert loud(check_file(tmp_path / "m.safetensors", classes=5)) == {"class-list-mismatch"}


def test_weights_that_do_not_fit_are_said(tmp_path: Path, network: nn.Module) -> None:
    found = check_file(model(tmp_path / "m.safetensors", network, ("cat", "dog")))
    assert loud(found) == {"damaged-model-file"}
    assert "fc2.weight has the shape (3, 128), not (2, 128)" in found[0].message


def test_nan_weights_are_found_in_every_kind(tmp_path: Path, network: nn.Module) -> None:
    with torch.no_grad():
        list(network.parameters())[2][0, 0, 0, 0] = float("nan")
    state = network.state_dict()
    save_file(state, tmp_path / "foreign.safetensors")
    torch.save(state, tmp_path / "state.pt")
    torch.save({"epoch": 3, "model": state}, tmp_path / "checkpoint.pth")
    torch.save(state, tmp_path / "old.pt", _use_new_zipfile_serialization=False)
    model(tmp_path / "ours.safetensors", network)
    for path in sorted(tmp_path.iterdir()):
        found = check_file(path)
        assert loud(found) == {"nan-weights"}, path
        assert "conv2.weight has 1 NaN of 4608 values" in found[0].message


def test_weights_alone_are_said_to_be_so(tmp_path: Path, network: nn.Module) -> None:
    torch.save(network.state_dict(), tmp_path / "state.pt")
    found = check_file(tmp_path / "state.pt")
    assert rules(found) == {"weights-alone"}
    assert "8 tensors with 267,747 values, the last layer with 3 outputs" in found[0].message


def test_what_would_have_to_be_unpickled_is_refused_and_not_run(tmp_path: Path, network: nn.Module) -> None:
    trap = tmp_path / "ran"
    whole = tmp_path / "whole.pt"
    torch.save(network, whole)
    torch.save({"weights": torch.zeros(3), "x": Bomb(trap)}, tmp_path / "bomb.pt")
    torch.save(Bomb(trap), tmp_path / "old.pt", _use_new_zipfile_serialization=False)
    (tmp_path / "plain.pkl").write_bytes(pickle.dumps(Bomb(trap)))
    for path in (whole, tmp_path / "bomb.pt", tmp_path / "old.pt", tmp_path / "plain.pkl"):
        found = check_file(path)
        assert loud(found) == {"needs-unpickling"}, (path, found)
        assert found[0].severity is Severity.ERROR
    assert "SimpleCNN" in check_file(whole)[0].message
    assert not trap.exists()


@pytest.mark.filterwarnings("ignore:`torch.jit")
def test_a_torchscript_program_is_not_loaded(tmp_path: Path, network: nn.Module) -> None:
    torch.jit.script(network).save(str(tmp_path / "script.pt"))  # type: ignore[no-untyped-call]
    found = check_file(tmp_path / "script.pt")
    assert loud(found) == {"holds-a-program"}
    assert "8 tensors (1.1 MB)" in found[0].message


@pytest.fixture
def exported(tmp_path: Path, network: nn.Module) -> Path:
    program = torch.export.export(nn.Sequential(network, nn.Softmax(1)).eval(), (torch.zeros(2, 3, 32, 32),))
    torch.export.save(program, tmp_path / "net.pt2")
    return tmp_path / "net.pt2"


def test_an_exported_program_is_read_by_its_json(exported: Path) -> None:
    found = check_file(exported)
    assert not loud(found)
    assert rules(found) == {"fixed-size", "double-softmax"}
    assert "32×32" in found[0].message
    assert loud(check_file(exported, classes=7)) == {"class-list-mismatch"}


def _rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return target


def test_an_exported_program_with_nan_or_compiled_code_or_damage(exported: Path, tmp_path: Path) -> None:
    def nan(name: str, data: bytes) -> bytes:
        values = np.frombuffer(data, np.float32).copy() if name.endswith("weight_0") else None
        if values is None:
            return data
        values[5] = np.nan
        return values.tobytes()

    assert loud(check_file(_rewritten(exported, tmp_path / "a.pt2", nan))) == {"nan-weights"}
    cut = _rewritten(exported, tmp_path / "b.pt2", lambda name, data: None if "config" in name else data)
    assert loud(check_file(cut)) == {"damaged-model-file"}
    wrong = _rewritten(
        exported,
        tmp_path / "c.pt2",
        lambda name, data: json.dumps({"graph_module": []}).encode() if name.endswith("model.json") else data,
    )
    assert loud(check_file(wrong)) == {"damaged-model-file"}
    with zipfile.ZipFile(exported, "a") as archive:
        archive.writestr("net/data/aotinductor/model/code.so", b"\x7fELF")
    assert loud(check_file(exported)) == {"holds-a-program"}


def test_a_compressed_archive_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.pt", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/data.pkl", b"\0" * 10_000_000)
    found = check_file(tmp_path / "bomb.pt")
    assert loud(found) == {"damaged-model-file"}
    assert "compressed" in found[0].message


def varint(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def part(number: int, content: bytes | int | str) -> bytes:
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    data = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(data)) + data


def onnx(
    path: Path, weight: np.ndarray, width: int = 3, last: str = "Softmax", external: bool = False
) -> Path:
    def info(name: str, *sizes: int) -> bytes:
        shape = b"".join(part(1, part(1, size) if size else part(2, "n")) for size in sizes)
        return part(1, name) + part(2, part(1, part(1, 1) + part(2, shape)))

    tensor = part(1, weight.size) + part(2, 1) + part(8, "fc.weight") + part(9, weight.tobytes())
    nodes = part(1, part(1, "x") + part(1, "fc.weight") + part(2, "logits") + part(4, "MatMul"))
    nodes += part(1, part(1, "logits") + part(2, "p") + part(4, last))
    graph = nodes + part(5, tensor + (part(14, 1) if external else b""))
    graph += part(11, info("x", 0, 3, 64, 64)) + part(12, info("p", 0, width))
    path.write_bytes(part(1, 8) + part(2, "torch") + part(7, graph))
    return path


def test_an_onnx_file_is_read_without_a_library(tmp_path: Path) -> None:
    good = np.ones(6, np.float32)
    found = check_file(onnx(tmp_path / "a.onnx", good), classes=3)
    assert not loud(found)
    assert "64×64" in next(one.message for one in found if one.rule == "fixed-size")
    assert loud(check_file(onnx(tmp_path / "b.onnx", good), classes=4)) == {"class-list-mismatch"}
    assert loud(check_file(onnx(tmp_path / "c.onnx", np.array([1, np.inf], np.float32)))) == {"nan-weights"}
    assert "output-not-probabilities" in rules(check_file(onnx(tmp_path / "d.onnx", good, last="Add")))
    assert "weights-alone" in rules(check_file(onnx(tmp_path / "e.onnx", good, external=True)))


def test_damage_is_said_and_never_raised(tmp_path: Path, network: nn.Module, exported: Path) -> None:
    torch.save(network.state_dict(), tmp_path / "state.pt")
    onnx(tmp_path / "a.onnx", np.ones(6, np.float32))
    model(tmp_path / "m.safetensors", network)
    save_file(network.state_dict(), tmp_path / "f.safetensors")
    for path in sorted(tmp_path.iterdir()):
        whole = path.read_bytes()
        for share in (0.0, 0.01, 0.3, 0.9):
            cut = tmp_path / f"cut{path.suffix}"
            cut.write_bytes(whole[: int(share * len(whole))])
            assert loud(check_file(cut)) == {"damaged-model-file"}, (path, share)
            cut.unlink()
    archive = bytearray((tmp_path / "state.pt").read_bytes())
    entry = archive.rindex(b"PK\x01\x02")  # of the list at its end: version, and behind 46 bytes the name
    for at, value in ((entry + 6, 127), (entry + 50, 0x80)):
        broken = tmp_path / "broken.pt"
        broken.write_bytes(archive[:at] + bytes([value]) + archive[at + 1 :])
        assert loud(check_file(broken)) == {"damaged-model-file"}
    (tmp_path / "keras.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + b"\0" * 100)
    assert "HDF5" in check_file(tmp_path / "keras.h5")[0].message


def test_a_file_that_is_not_there_is_a_request_that_cannot_be_met(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="No such file"):
        check_file(tmp_path / "none.pt")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.pt")
    with pytest.raises(RequestError, match="not an ordinary file"):
        check_file(tmp_path / "a.pt")


def test_the_file_is_only_read(tmp_path: Path, network: nn.Module) -> None:
    path = model(tmp_path / "m.safetensors", network)
    kept = tmp_path / "kept"
    shutil.copy2(path, kept)
    check_file(path)
    assert path.read_bytes() == kept.read_bytes()
    assert path.stat().st_mtime_ns == kept.stat().st_mtime_ns
