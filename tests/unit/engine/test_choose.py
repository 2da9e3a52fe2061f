from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cnngui.cancel import Cancel
from cnngui.engine import choose
from cnngui.engine.choose import Settled, settle
from cnngui.engine.device import DeviceChoice
from cnngui.engine.events import Download
from cnngui.engine.models import registry
from cnngui.engine.spec import TrainConfig
from cnngui.engine.weights.download import UnreachableError
from cnngui.errors import RequestError
from tests.pictures import scanned

AUTO = TrainConfig(model="auto", method="auto", weights="auto", device="cpu")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    for name in ("ants", "bees"):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for number in range(42):
            pixels = random.integers(0, 256, (96, 120, 3), np.uint8)
            Image.fromarray(pixels).save(tmp_path / "photos" / name / f"{number}.png")
    return tmp_path / "photos"


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Downloads that come at once, and the file they bring."""
    file = tmp_path / "downloaded.pth"
    file.touch()

    def fake(url: str, cancel: Cancel) -> Iterator[Download | Path]:
        yield Download(url, 1, 1, 0.0)
        yield file

    monkeypatch.setattr(choose, "download", fake)
    return file


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def fake(url: str, cancel: Cancel) -> Iterator[Download | Path]:
        yield Download(url, 0, None, 0.0)
        raise UnreachableError(f"{url} could not be downloaded (no connection).")

    monkeypatch.setattr(choose, "download", fake)


def settled(folder: Path, config: TrainConfig) -> Settled:
    *_, last = settle(scanned(folder), config, Cancel())
    assert isinstance(last, Settled)
    return last


def test_small_pictures_are_learnt_from_scratch(pictures: Path, offline: None) -> None:
    done = settled(pictures, AUTO)
    assert done.config == replace(AUTO, model="simple_cnn", method="scratch", weights=None)
    (note,) = done.notes
    assert note.startswith(
        "Chosen for these pictures: simple_cnn, since 30 pixels are learnt well from scratch; resnet_small is"
    )
    assert settled(pictures, replace(AUTO, size=48)).config.model == "resnet_small"


def test_small_pictures_get_the_better_network_where_there_is_time(
    pictures: Path, offline: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settled(pictures, replace(AUTO, minutes=0.5)).config.model == "simple_cnn"
    done = settled(pictures, replace(AUTO, minutes=15))
    assert (done.config.model, done.config.size, done.config.minutes) == ("resnet_small", 32, 15)
    assert "of the 15 min." in done.notes[0]
    card = DeviceChoice("cuda:0", "bfloat16", "")
    monkeypatch.setattr("cnngui.engine.choose.device.choose", lambda *_: card)
    assert settled(pictures, AUTO).config.model == "resnet_small"


def test_photographs_take_what_a_network_knows_already(photos: Path, online: Path) -> None:
    done = settled(photos, AUTO)
    assert (done.config.model, done.config.method) == ("mobilenet_v3_large", "best")
    assert done.config.weights == str(online)
    assert len(done.notes) == 2
    assert settled(photos, replace(AUTO, method="quick")).config.method == "quick"


def test_fine_tuning_that_takes_long_has_to_be_asked_for(
    photos: Path, online: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settled(photos, replace(AUTO, minutes=0.5)).config.method == "quick"
    monkeypatch.setattr(choose, "_SECONDS_PER_PICTURE", 6.0)  # 84 pictures: 8 min
    done = settled(photos, AUTO)
    assert done.config.method == "quick"
    assert "about 8 min; choose best" in done.notes[1]
    assert settled(photos, replace(AUTO, minutes=8)).config.method == "best"
    assert settled(photos, replace(AUTO, method="best")).config.method == "best"


def test_offline_it_is_said_once_and_goes_on_from_scratch(photos: Path, offline: None) -> None:
    done = settled(photos, AUTO)
    assert (done.config.model, done.config.size) == ("resnet_small", 64)
    assert (done.config.method, done.config.weights) == ("scratch", None)
    assert not done.notes
    (notice,) = done.notices  # and not a note among others
    assert "no connection" in notice.sentence
    assert "let this computer reach download.pytorch.org" in notice.sentence
    assert "in the window's settings as “Weights to begin with”" in notice.sentence
    assert "on the command line with --weights FILE" in notice.sentence
    asked = settled(photos, replace(AUTO, model="resnet18", method="quick"))
    assert (asked.config.model, asked.config.method, asked.config.size) == ("resnet18", "scratch", None)


def test_without_weights_photographs_are_made_small(photos: Path) -> None:
    for config in (replace(AUTO, weights=None), replace(AUTO, method="scratch")):
        done = settled(photos, config)
        assert (done.config.model, done.config.size, done.config.method) == ("resnet_small", 64, "scratch")
        assert done.config.weights is None


def test_a_file_says_which_network_it_is_of(photos: Path, tmp_path: Path) -> None:
    file = tmp_path / "weights.pth"
    torch.save(registry.build("mobilenet_v3_small", 10).state_dict(), file)
    done = settled(photos, replace(AUTO, weights=str(file)))
    assert (done.config.model, done.config.method) == ("mobilenet_v3_small", "best")


def test_few_pictures_of_a_class_change_only_the_last_layer(photos: Path, online: Path) -> None:
    for number in range(38):
        (photos / "ants" / f"{number}.png").unlink()
    done = settled(photos, replace(AUTO, minutes=60))
    assert done.config.method == "quick"
    assert "only 4 pictures" in done.notes[1]


def test_what_does_not_go_together_is_refused(pictures: Path) -> None:
    with pytest.raises(RequestError, match="simple_cnn has no weights to begin with"):
        settled(pictures, replace(AUTO, model="simple_cnn", method="quick"))
    with pytest.raises(RequestError, match="There is no method “slow”"):
        settled(pictures, replace(AUTO, method="slow"))
