"""Small real pictures, and a model really trained on them."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from cnngui.cli.app import run


@dataclass(frozen=True, slots=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """All that was said on standard error, which must be a single line."""
        assert self.err.endswith("\n")
        assert self.err.count("\n") == 1, self.err
        return self.err.rstrip("\n")


Cnngui = Callable[..., Outcome]


def draw_pictures(folder: Path, per_class: int, classes: tuple[str, ...] = ("blue sky", "red 🍎")) -> Path:
    """Class folders of noisy one-coloured JPEGs that a network tells apart within seconds."""
    chance = random.Random(0)
    for number, name in enumerate(classes):
        (folder / name).mkdir(parents=True)
        for picture in range(per_class):
            image = Image.effect_noise((48, 40), 60 + chance.random()).convert("L")
            channels = [image.point(lambda v: v // 3)] * 3
            channels[2 - 2 * (number % 2)] = image.point(lambda v: 120 + v // 2)
            Image.merge("RGB", channels).save(folder / name / f"{picture:03}.jpg")
    return folder


@pytest.fixture
def cnngui(capfd: pytest.CaptureFixture[str]) -> Cnngui:
    """Run the command line in this process: torch is loaded once for all tests."""

    def call(*arguments: object) -> Outcome:
        capfd.readouterr()
        status = run([str(argument) for argument in arguments])
        said = capfd.readouterr()
        return Outcome(status, said.out, said.err)

    return call


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CNNGUI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_pictures(tmp_path_factory.mktemp("pictures") / "two colours", 24)


@pytest.fixture(scope="session")
def model(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    path = folder / "colours.safetensors"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CNNGUI_HOME", str(folder / "home"))
        assert run(["train", str(pictures), "-o", str(path), "--epochs", "6", "--device", "cpu"]) == 0
    return path
