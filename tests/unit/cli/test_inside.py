"""cnngui inside: layers, the worked convolution, the sums of softmax."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Cnngui


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
