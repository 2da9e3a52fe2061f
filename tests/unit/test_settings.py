"""Settings stored, damaged, from the future, and the folders they live in."""

import json
import os
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest

from cnngui import settings
from cnngui.errors import RequestError
from cnngui.settings import SETTINGS, Setting, Settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("CNNGUI_HOME", str(folder))
    return folder


def test_every_setting_has_a_row_with_a_sentence_and_a_default_that_it_allows() -> None:
    assert [row.name for row in SETTINGS] == [f.name for f in fields(Settings)]
    for row in SETTINGS:
        assert row.sentence.endswith(".")
        assert row.problem(row.default) is None
        assert getattr(Settings(), row.name) == row.default


def test_only_what_differs_is_stored(home: Path) -> None:
    settings.save(replace(Settings(), geometry="/été/🐝"))
    assert json.loads(settings.settings_file().read_bytes()) == {
        "version": 1,
        "values": {"geometry": "/été/🐝"},
    }
    assert settings.load_with_notes() == (Settings(geometry="/été/🐝"), ())
    assert settings.settings_file().is_relative_to(home)


def test_without_a_file_everything_is_the_default(home: Path) -> None:
    assert settings.load_with_notes() == (Settings(), ())
    assert not home.exists(), "loading writes nothing"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"version": 1}', '{"version": 1, "values": 3}'])
def test_a_damaged_file_gives_defaults_and_is_kept(text: str) -> None:
    path = settings.settings_file()
    path.parent.mkdir(parents=True)
    path.write_text(text)
    loaded, notes = settings.load_with_notes()
    assert loaded == Settings()
    assert len(notes) == 1
    assert "damaged" in notes[0]
    assert (path.parent / "settings.kept-1.json").read_text() == text
    assert settings.load_with_notes() == (Settings(), ())


def test_a_file_of_a_later_version_survives_saving() -> None:
    path = settings.settings_file()
    path.parent.mkdir(parents=True)
    for number in (1, 2):
        text = json.dumps({"version": 99, "values": {"number": number}})
        path.write_text(text)
        loaded, notes = settings.load_with_notes()
        assert loaded == Settings()
        assert "later version" in notes[0]
        settings.save(loaded)
        assert (path.parent / f"settings.kept-{number}.json").read_text() == text


def test_one_bad_value_costs_only_itself() -> None:
    path = settings.settings_file()
    path.parent.mkdir(parents=True)
    values = {"cache_limit_gb": -1, "geometry": "/pets", "from_elsewhere": True}
    path.write_text(json.dumps({"version": 1, "values": values}))
    loaded, notes = settings.load_with_notes()
    assert loaded == Settings(geometry="/pets")
    assert len(notes) == 2
    assert "must be between 0 and 10000" in notes[0]


def test_a_whole_number_is_a_number() -> None:
    path = settings.settings_file()
    path.parent.mkdir(parents=True)
    path.write_text('{"version": 1, "values": {"cache_limit_gb": 5}}')
    limit = settings.load().cache_limit_gb
    assert limit == 5.0
    assert isinstance(limit, float)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.5, "20", True, None])
def test_values_out_of_range_are_not_saved(value: object) -> None:
    broken: Settings = replace(Settings(), cache_limit_gb=value)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cache_limit_gb must be"):
        settings.save(broken)
    assert not settings.settings_file().exists()


def test_choices_are_enforced() -> None:
    row = Setting("look", "system", "The colours.", choices=("system", "light"))
    assert row.problem("light") is None
    assert row.problem("blue") == "must be one of system, light"


def test_a_place_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CNNGUI_HOME", str(tmp_path / "file"))
    with pytest.raises(RequestError, match="Cannot write"):
        settings.save(Settings())
    loaded, notes = settings.load_with_notes()
    assert loaded == Settings()
    assert len(notes) == 1


def test_a_file_that_cannot_be_read_gives_defaults_and_says_so() -> None:
    settings.settings_file().mkdir(parents=True)
    loaded, notes = settings.load_with_notes()
    assert loaded == Settings()
    assert "cannot be read" in notes[0]


def test_one_variable_moves_everything_and_without_it_the_system_decides(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = (settings.data_dir, settings.cache_dir, settings.config_dir)
    assert {folder() for folder in folders} == {home / "data", home / "cache", home / "config"}
    monkeypatch.delenv("CNNGUI_HOME")
    assert all("cnngui" in folder().parts for folder in folders)
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
        assert settings.data_dir() == tmp_path / "share" / "cnngui"


def test_settings_load_neither_qt_nor_torch_nor_numpy() -> None:
    code = (
        "import sys, cnngui.settings, cnngui.data.project\n"
        "print(sorted({'torch', 'numpy', 'PySide6'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout == "[]\n"
