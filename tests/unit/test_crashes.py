"""Crash reports: written, made of what a crash in a library left, offered once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cnngui import crashes


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CNNGUI_HOME", str(tmp_path))
    return tmp_path


def test_a_report_is_offered_once() -> None:
    assert crashes.unseen() is None
    report = crashes.write(ValueError("of all things"))
    assert "ValueError: of all things" in report.read_text()
    assert crashes.unseen() == report
    crashes.seen(report)
    assert crashes.unseen() is None
    later = crashes.write(KeyError("another"))
    assert crashes.unseen() == later


def test_a_crash_in_a_library_is_reported_by_the_next_start(home: Path) -> None:
    code = (
        "import ctypes, resource\nfrom cnngui import crashes\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
        "def fatal():\n    ctypes.string_at(0)\n"
        "with crashes.watched():\n    fatal()\n"
    )
    if os.name == "nt":
        code = code.replace(", resource\n", "\n").replace(
            "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n", ""
        )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert done.returncode != 0
    report = crashes.unseen()
    assert report is not None
    text = report.read_text()
    assert text.startswith("cnngui ")
    assert "in fatal" in text
    assert not list(crashes.folder().glob("*.trace"))


def test_what_ends_well_leaves_nothing(home: Path) -> None:
    code = "from cnngui import crashes\nwith crashes.watched():\n    pass\n"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert list(crashes.folder().iterdir()) == []


def test_a_running_program_has_not_crashed() -> None:
    crashes.folder().mkdir(parents=True)
    trace = crashes.folder() / "2026-01-01T00-00-00-000000Z 0.1.0.trace"
    trace.touch()
    assert crashes.unseen() is None
    assert trace.exists()


def test_without_a_place_to_write_the_program_still_runs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").touch()
    code = "from cnngui import crashes\nwith crashes.watched():\n    print('works')\n"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "CNNGUI_HOME": str(home / "file")},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "works\n")
