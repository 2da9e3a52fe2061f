"""The benchmark of graphics cards at a small size on the processor: that a card finds nothing unfinished."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks import airbench, cards, watched
from tests.pictures import make_pictures


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_pictures(tmp_path / "colours" / "train", 12)
    make_pictures(tmp_path / "colours" / "test", 4, seed=1)
    return tmp_path / "colours"


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it in this process."""

    def directly(work: Callable[..., object], *given: object) -> object:
        return work(*given)

    monkeypatch.setattr(cards, "apart", directly)
    monkeypatch.setattr(airbench, "WIDTHS", (24, 32, 32))
    monkeypatch.setattr(cards, "_PHOTO_NETWORK", "resnet18")
    monkeypatch.setattr(watched, "_REPEATS", 2)


def test_cifar(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cards.main(
        [str(folder), "--device", "cpu", "--only", "cifar", "--images", "12", "--epochs", "1", "--runs", "1"]
    )
    printed = capsys.readouterr().out
    assert "airbench94: " in printed
    assert "resnet_small, " in printed
    assert "1 epochs of 12, batch 12" in printed
    assert "times the time; bar: as accurate in 2.00: " in printed


def test_photos(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sizes = ("--photos", "9", "--photo-batch", "4", "--size", "32")
    cards.main([str(folder), "--device", "cpu", "--only", "photos", *sizes, "--runs", "1"])
    printed = capsys.readouterr().out
    assert "resnet18, " in printed
    assert "32 × 32, batch 4, pictures in the map: " in printed
    assert "a step takes " in printed
    assert "bar 0.900: " in printed


def test_some_of_takes_as_many_of_each_class(folder: Path, tmp_path: Path) -> None:
    made = cards.some_of(folder / "train", tmp_path / "some", 8)
    assert [len(list(one.iterdir())) for one in sorted(made.iterdir())] == [3, 3, 2]
