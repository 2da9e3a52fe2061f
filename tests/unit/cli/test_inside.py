"""cnngui inside: layers, the worked convolution, the sums of softmax."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cnngui.engine import modelfile
from cnngui.engine.models import registry
from cnngui.engine.spec import ImageSpec
from tests.unit.cli.conftest import Cnngui
from tests.unit.engine.test_modelfile import HEADER


def test_the_layers_are_listed(cnngui: Cnngui, model: Path) -> None:
    said = cnngui("inside", model)
    assert said.status == 0
    lines = said.out.splitlines()
    assert lines[0].split() == ["LAYER", "KIND", "IN", "OUT", "PARAMETERS", "MULTIPLY-ADDS"]
    assert lines[1].split()[:2] == ["conv1", "Conv2d"]
    assert lines[-1].startswith("all ")


def test_a_picture_is_worked_through(cnngui: Cnngui, model: Path, pictures: Path) -> None:
    picture = pictures / "red 🍎" / "000.jpg"
    table = cnngui("inside", model, picture).out
    assert "One number of conv1, map 0, row 16, column 16" in table
    assert "red 🍎" in table
    value = json.loads(cnngui("inside", model, picture, "--format", "json").out)
    assert sum(layer["parameters"] for layer in value["layers"]) > 200_000
    assert value["convolution"]["total"] == pytest.approx(value["convolution"]["output"], abs=1e-4)
    assert len(value["convolution"]["patch"]) == 3
    assert sum(one["probability"] for one in value["classes"]) == pytest.approx(1)
    assert "cannot be used" in cnngui("inside", model, picture.with_name("missing.jpg")).sentence


def test_parameters_that_lie_in_no_layer_count_as_well(cnngui: Cnngui, tmp_path: Path) -> None:
    network = registry.build("convnext_tiny", 3)  # each of its blocks has a scale of its own
    spec = ImageSpec(32, 32, "crop")
    header = replace(HEADER, architecture="convnext_tiny", classes=("a", "b", "c"), spec=spec)
    modelfile.save(tmp_path / "m", header, network.state_dict())
    *_, between, total = cnngui("inside", tmp_path / "m").out.splitlines()
    assert between.split() == ["between", "layers", "6,624"]
    assert total.split()[1] == f"{sum(one.numel() for one in network.parameters()):,}"
