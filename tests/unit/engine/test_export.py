"""Exported files, run in a fresh process and held against the network they were made from."""

import json
import os
import runpy
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cnngui.cancel import Cancel
from cnngui.data.decode import Rgb, decode
from cnngui.data.index import Unreadable
from cnngui.engine import export as exporting
from cnngui.engine import written
from cnngui.engine.calibrate import familiarity
from cnngui.engine.classify import Classifier
from cnngui.engine.export import export, samples
from cnngui.engine.models import registry
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.results import Prediction
from cnngui.engine.spec import LOOKS, Fit, ImageSpec, Looks, Scaling
from cnngui.engine.whole import Whole
from cnngui.errors import RequestError
from tests.unit.engine.test_modelfile import HEADER

STARTER = Path(__file__).resolve().parents[3] / "resources" / "models" / "starter.safetensors"
CLASSES = ("ant", "bee “2”", "Käfer")


def classifier(
    name: str = "simple_cnn", fit: Fit = "crop", looks: Looks = 1, scaling: Scaling = "bilinear"
) -> Classifier:
    """An untrained network whose answers are far from equal."""
    torch.manual_seed(0)
    network = registry.build(name, len(CLASSES))
    spec = ImageSpec(32, 36, fit, scaling=scaling)
    header = replace(HEADER, architecture=name, classes=CLASSES, spec=spec, looks=looks, temperature=0.3)
    return Classifier(header, network, "cpu")


def own(network: Classifier, pictures: list[Rgb]) -> torch.Tensor:
    return network.probabilities([network.pipeline.prepare(picture) for picture in pictures])


@pytest.mark.parametrize("scaling", ["bilinear", "bicubic"])
@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
@pytest.mark.parametrize(
    ("height", "width"),
    # The last four are so much taller than wide that Pillow takes the rows first.
    [
        (36, 36),
        (64, 96),
        (31, 47),
        (20, 9),
        (375, 500),
        (500, 375),
        (1, 5),
        (45, 33),
        (53, 37),
        (90, 60),
        (600, 90),
    ],
)
def test_scaling_is_that_of_the_pipeline(fit: Fit, height: int, width: int, scaling: Scaling) -> None:
    one = classifier(fit=fit, scaling=scaling)
    picture = np.random.default_rng(height).integers(0, 256, (height, width, 3), np.uint8)
    expected = ImagePipeline(one.header.spec).prepare(picture).astype(np.float32)
    whole = Whole(one.network, one.header, looks=1)
    found = whole._prepared(torch.from_numpy(picture)[None])[0].permute(1, 2, 0).numpy()
    assert np.array_equal(found, expected)


@pytest.mark.parametrize("looks", LOOKS)
def test_the_whole_answers_as_the_classifier(looks: Looks) -> None:
    one = classifier(looks=looks)
    whole = Whole(one.network, one.header, one.looks)
    with torch.inference_mode():
        found = torch.cat([whole(torch.from_numpy(picture)[None]) for picture in samples()])
    assert torch.allclose(found, own(one, samples()), atol=1e-5)
    assert len({tuple(row.tolist()) for row in found}) == len(found)


@pytest.mark.parametrize("kind", ["onnx", "pt2"])
def test_a_written_graph_answers_as_the_network(tmp_path: Path, kind: str) -> None:
    if kind == "onnx":
        for package in ("onnx", "onnxscript", "onnxruntime"):
            pytest.importorskip(package)
    path = tmp_path / f"model.{kind}"
    done = export(classifier(looks=6), kind, path, samples())
    assert done.pictures == 6
    assert done.difference <= 1e-5
    about = json.loads((tmp_path / f"model.{kind}.json").read_text("utf-8"))
    assert about["classes"] == list(CLASSES)
    assert about["checked"]["largest_difference"] == done.difference
    assert {file.name for file in tmp_path.iterdir()} == {path.name, f"{path.name}.json"}
    if kind == "onnx":
        import onnx

        metadata = {entry.key: entry.value for entry in onnx.load(path).metadata_props}
        assert json.loads(metadata["classes"]) == list(CLASSES)
        assert "probabilities" in metadata["gives"]


@pytest.mark.parametrize("looks", LOOKS)
def test_the_python_project_runs_without_this_program(tmp_path: Path, looks: Looks) -> None:
    one = classifier("resnet_small", "pad", looks=looks)
    folder = tmp_path / "project"
    done = export(one, "python", folder, samples(3))
    assert done.difference <= 1e-5
    assert "cnngui" not in "".join(file.read_text("utf-8") for file in folder.glob("*.py"))
    assert len((folder / "predict.py").read_text().splitlines()) < 45
    picture = tmp_path / "picture.png"
    Image.fromarray(samples(1)[0]).save(picture)
    ran = subprocess.run(
        [sys.executable, "-X", "utf8", "predict.py", picture],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    best = own(one, samples(1))[0]
    assert CLASSES[int(best.argmax())] in ran.stdout
    assert f"{float(best.max()):.1%}" in ran.stdout


@pytest.mark.parametrize("kind", ["onnx", "pt2", "python"])
def test_a_network_of_torchvisions_is_written_too(
    tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    if kind == "onnx":
        pytest.importorskip("onnxscript")
        pytest.importorskip("onnxruntime")
    done = export(classifier("mobilenet_v3_small"), kind, tmp_path / "out", samples(2))
    assert done.difference <= 1e-5
    assert capfd.readouterr() == ("", "")  # nor does what runs the written file say anything


def test_a_file_that_answers_otherwise_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = classifier()
    monkeypatch.setattr(
        written, "answers", lambda _kind, _path, pictures: own(one, pictures).numpy() + np.float32(0.002)
    )
    (tmp_path / "model.pt2").write_bytes(b"before")
    monkeypatch.setitem(exporting._WRITERS, "pt2", lambda _one, path, _about: path.write_bytes(b"new"))
    with pytest.raises(RequestError, match=r"differs by 0\.002"):
        export(one, "pt2", tmp_path / "model.pt2", samples(1))
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"before"]


# In a process of its own: the archive's writer ended it.
ON_A_FULL_DISK = """
import resource, sys
from cnngui.cli import app
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
sys.exit(app.run(["export", sys.argv[1], "--to", "pt2", "-o", sys.argv[2]]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ON_A_FULL_DISK, str(STARTER), str(tmp_path / "full.pt2")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    _, said = done.stderr.splitlines()
    assert said.startswith(f"cnngui: Cannot write {tmp_path / 'full.pt2'}: File too large.")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_met_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RequestError, match="choose onnx, pt2, python"):
        export(classifier(), "tflite", tmp_path / "x", [])
    with pytest.raises(RequestError, match="is there already"):
        export(classifier(), "python", tmp_path, [])
    with pytest.raises(RequestError, match="Cannot write"):
        export(classifier(), "pt2", tmp_path / "no" / "x.pt2", [])
    monkeypatch.setattr(exporting, "_ONNX_PACKAGES", ("onnx_of_tomorrow",))
    with pytest.raises(RequestError, match="pip install onnx_of_tomorrow"):
        export(classifier(), "onnx", tmp_path / "x.onnx", [])


def test_what_runs_the_written_file_keeps_it_to_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """onnxruntime would leave a number for this computer, and tell its makers of every file it opens."""
    onnx = pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    shape = [None, None, None, 3]
    kinds = [
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.UINT8, shape) for name in ("images", "same")
    ]
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Identity", ["images"], ["same"])], "same", *[[k] for k in kinds]
    )
    opset = onnx.helper.make_opsetid("", 17)
    onnx.save(onnx.helper.make_model(graph, opset_imports=[opset], ir_version=9), tmp_path / "same.onnx")
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.delenv("CI", raising=False)  # it would keep quiet by itself
    picture = np.full((4, 4, 3), 7, np.uint8)
    assert (written.answers("onnx", tmp_path / "same.onnx", [picture])[0] == picture).all()
    assert list(home.iterdir()) == []


def test_a_link_is_followed_and_a_pipe_is_left_alone(tmp_path: Path) -> None:
    target, link, pipe = (tmp_path / name for name in ("target", "link", "pipe"))
    target.write_text("old")
    link.symlink_to(target)
    os.mkfifo(pipe)
    with pytest.raises(RequestError, match="device or a pipe"):
        export(classifier(), "pt2", pipe, samples(1))
    assert pipe.is_fifo()
    export(classifier(), "pt2", link, samples(1))
    assert link.is_symlink()
    assert target.stat().st_size > 1000


def test_the_python_project_is_as_sure_as_the_classifier(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = classifier()
    pictures = []
    for number, image in enumerate(samples()):
        pictures.append(tmp_path / f"{number}.png")
        Image.fromarray(image).save(pictures[-1])
    scores = familiarity(one.logits([one.pipeline.prepare(image) for image in samples()]), 0.3)
    one.header = replace(one.header, unsure_below=0.0, unfamiliar_below=float(scores.mean()))
    export(one, "python", tmp_path / "project", samples(1))
    monkeypatch.syspath_prepend(tmp_path / "project")
    for name in ("settings", "pictures"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    project = runpy.run_path(str(tmp_path / "project" / "predict.py"))
    sure = [project["is_sure"](project["predict"](picture)) for picture in pictures]
    assert sure == [
        answer.sure for answer in one.classify(pictures, Cancel()) if isinstance(answer, Prediction)
    ]
    assert set(sure) == {True, False}


def test_the_readme_of_the_python_project_does_not_list_a_thousand_classes(tmp_path: Path) -> None:
    names = tuple(f"class {number}" for number in range(11))
    network = registry.build("simple_cnn", len(names))
    export(Classifier(replace(HEADER, classes=names), network, "cpu"), "python", tmp_path / "p", samples(1))
    title = (tmp_path / "p" / "README.md").read_text().splitlines()[0]
    assert title.endswith("class 8, class 9 and more")


@pytest.mark.parametrize("mode", ["RGBA", "LA", "I;16", "I", "F", "F large", "F nan", "P", "L"])
def test_the_python_project_opens_pictures_as_the_training_did(
    tmp_path: Path, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = classifier()
    export(one, "python", tmp_path / "project", samples(1))
    noise = np.random.default_rng(0).integers(0, 256, (40, 50, 4), dtype=np.uint8)
    if mode == "I;16":
        picture = Image.fromarray(noise[..., 0].astype(np.uint16) * 257)
    elif mode == "I":
        picture = Image.fromarray(noise[..., 0].astype(np.int32) * 1000 - 9)
    elif mode[0] == "F":
        values = noise[..., 0] / np.float32(255) if mode == "F" else noise[..., 0] * np.float32(3.7) - 100
        if mode == "F nan":
            values[:3] = [[np.nan], [np.inf], [-np.inf]]
        picture = Image.fromarray(values)
    elif mode == "P":
        picture = Image.fromarray(noise).convert("RGB").convert("P")
        picture.info["transparency"] = 3
    else:
        picture = Image.fromarray(noise).convert(mode)
    file = tmp_path / ("picture.tif" if picture.mode in ("I", "F") else "picture.png")
    picture.save(file)
    opened = decode(file)
    assert not isinstance(opened, Unreadable)
    monkeypatch.syspath_prepend(tmp_path / "project")
    monkeypatch.delitem(sys.modules, "settings", raising=False)
    project = runpy.run_path(str(tmp_path / "project" / "pictures.py"))
    expected = one.to_network(torch.from_numpy(one.pipeline.prepare(opened).copy()).permute(2, 0, 1)[None])
    assert torch.allclose(project["load"](file), expected, atol=1e-4)
