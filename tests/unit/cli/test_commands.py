"""The smaller commands: models, sample, doctor, gui."""

import os
import sys
from pathlib import Path

import pytest

from cnngui import resources
from cnngui.cli import doctor, gui
from cnngui.engine.models import registry
from tests.unit.cli.conftest import Cnngui


def test_models_lists_every_network_and_the_starter(cnngui: Cnngui) -> None:
    said = cnngui("models")
    assert said.status == 0
    for name in registry.names():
        (line,) = [line for line in said.out.splitlines() if line.startswith(f"{name} ")]
        card = registry.card(name)
        assert f"{card.spec.size} × {card.spec.size}" in line
        assert f"{card.parameters:,}" in line
        assert card.summary in line
    starter = resources.path("models", "starter.safetensors")
    assert (str(starter) in said.out) == starter.exists()


def test_sample_draws_once_and_says_where(cnngui: Cnngui, tmp_path: Path) -> None:
    dest = tmp_path / "my shapes"
    said = cnngui("sample", "shapes", dest)
    assert said.status == 0
    pictures = {path: path.stat().st_mtime_ns for path in dest.glob("*/*.jpg")}
    assert said.out == f"{len(pictures)} pictures in {dest}\n"
    assert len({path.parent for path in pictures}) >= 5
    assert cnngui("sample", "shapes", dest).status == 0
    assert {path: path.stat().st_mtime_ns for path in dest.glob("*/*.jpg")} == pictures


@pytest.mark.parametrize(
    ("name", "dest", "part"),
    [("shape", "new", "shapes"), ("shapes", "full", "not empty"), ("shapes", "full/file", "is a file")],
)
def test_a_sample_that_cannot_be_drawn_is_one_sentence(
    cnngui: Cnngui, tmp_path: Path, name: str, dest: str, part: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    said = cnngui("sample", name, tmp_path / dest)
    assert said.status == 2
    assert part in said.sentence


def test_doctor_finds_nothing_wrong_with_a_sound_installation(cnngui: Cnngui) -> None:
    said = cnngui("doctor")
    problems = [line for line in said.out.splitlines() if line.startswith("PROBLEM")]
    # What the machine that runs the tests lacks is not this test's business.
    assert [line for line in problems if "librar" not in line and "disk" not in line] == []
    for word in (
        "torch",
        "PySide6-Essentials",
        "computing on",
        "JPEG",
        "data folder",
        "cache folder",
        "Python",
    ):
        assert word in said.out


def test_doctor_says_problems_first_and_what_to_do(
    cnngui: Cnngui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CNNGUI_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(doctor, "_LIBRARIES", ("json", "no_such_library"))
    said = cnngui("doctor")
    assert said.status == 1
    lines = said.out.splitlines()
    assert lines[0].startswith("PROBLEM")
    assert "no_such_library" in said.out
    assert "Install cnngui again" in said.out
    assert "cannot be written" in said.out
    assert "Set CNNGUI_HOME" in said.out
    assert lines[-1].endswith("to mend.")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is a display")
def test_without_libraries_the_window_says_which(cnngui: Cnngui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(gui, "QT_LIBRARIES", {"libno-such-thing.so.1": "libno-such-thing1"})
    said = cnngui("gui")
    assert said.status == 2
    assert "sudo apt-get install libno-such-thing1" in said.sentence


def test_the_window_gets_its_paths_whole(
    cnngui: Cnngui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cnngui.gui import app

    opened: list[tuple[list[str], bool]] = []

    def main(paths: list[str], demo: bool = False) -> int:
        opened.append((paths, demo))
        return 0

    monkeypatch.setattr(app, "main", main)
    monkeypatch.setattr(gui, "window_problem", lambda: None)
    (tmp_path / "train").mkdir()
    monkeypatch.chdir(tmp_path)
    assert cnngui(f".{os.sep}train").status == 0
    assert cnngui("--", "train").status == 0
    assert cnngui("gui", "train").status == 0
    assert cnngui().status == 0
    folder = str(Path.cwd() / "train")
    assert opened == [([folder], False)] * 3 + [([], False)]
