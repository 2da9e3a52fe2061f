"""What the window needs of the system, asked of real displays, sockets and libraries."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnngui.cli.support import system

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is a display")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def test_without_any_variable_there_is_no_display() -> None:
    assert "neither DISPLAY nor WAYLAND_DISPLAY" in (system.no_display() or "")


def test_a_display_that_does_not_answer_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987")
    assert "no X server answers" in (system.no_display() or "")


def test_who_names_a_platform_for_qt_knows_better(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert system.no_display() is None


@pytest.fixture
def x_server() -> Iterator[str]:
    if shutil.which("Xvfb") is None:
        pytest.skip("there is no Xvfb")
    reading, writing = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(writing)
        with os.fdopen(reading) as said:
            yield f":{said.readline().strip()}"
        server.terminate()


def test_a_display_that_answers_is_one(x_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", x_server)
    assert system.no_display() is None


def test_a_wayland_compositor_is_found_by_its_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "w-0")
    assert "no compositor answers" in (system.no_display() or "")
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "w-0"))
        compositor.listen()
        assert system.on_wayland()
        assert system.no_display() is None


def test_a_missing_library_names_its_package() -> None:
    table = {"libc.so.6": "libc6", "libno-such-thing.so.1": "libno-such-thing1"}
    assert system.missing_libraries(table) == ["libno-such-thing1"]


def test_fonts_are_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(os, "walk", lambda folder: [(str(folder), [], ["README"])])
    assert not system.has_fonts()
    assert system.missing_packages()[-1] == system.FONT_PACKAGE
    monkeypatch.setattr(os, "walk", lambda folder: [(str(folder), [], ["DejaVu.TTF"])])
    assert system.has_fonts()
