"""The set-up: real environments made, broken, mended; pip failing for real; one at a time."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from installer import apt, environment, pip
from installer.tell import SetupError

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX only")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with an awkward name, and nothing set up in it."""
    folder = tmp_path / "my été projects"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    monkeypatch.setattr(environment, "ROOT", folder)
    monkeypatch.setattr(environment, "VENV", folder / ".venv")
    return folder


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """pip with an index that does not answer."""
    for name in list(os.environ):
        if name.startswith("PIP_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")  # it names the reason only where it tries again


def test_an_environment_is_made_mended_and_made_anew(root: Path, offline: None) -> None:
    (root / ".venv").mkdir()
    environment._environment()
    packages = environment._packages_folder()
    assert packages is not None
    assert packages.is_relative_to(root)

    (packages / "kept").mkdir()
    (packages / "pip" / "_internal" / "cli" / "main.py").unlink()  # killed in the middle of pip's own set-up
    environment._environment()
    assert (packages / "pip" / "_internal" / "cli" / "main.py").exists()
    assert (packages / "kept").exists(), "what was installed is not thrown away with pip"

    (root / ".venv" / "pyvenv.cfg").unlink()  # killed in the middle of making it
    assert environment._packages_folder() is None
    environment._clear()
    assert list((root / ".venv").iterdir()) == []


def test_an_index_that_does_not_answer_is_one_sentence(root: Path, offline: None) -> None:
    (root / ".venv").mkdir()
    with pytest.raises(SetupError, match="The package index cannot be reached") as caught:
        pip.pip(Path(sys.executable), ["install", "nothing-like-this"], root, root / ".venv" / "log")
    assert "\n" not in str(caught.value)
    assert "127.0.0.1" in (root / ".venv" / "log").read_text()


def test_what_is_set_up_is_remembered_until_something_changes(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "_packages_folder", lambda: root)
    (root / ".venv").mkdir()
    assert not environment._stamped("run")
    environment._stamp("run")
    assert environment._stamped("run")
    assert not environment._stamped("test")
    environment._stamp("test")
    assert environment._stamped("test")

    (root / "pyproject.toml").write_text("[project]\nname = 'y'\n")
    assert not environment._stamped("run")
    environment._stamp("test")
    assert environment._stamped("run"), "what is set up for the tests is for a run as well"

    moved = root.with_name("moved")
    monkeypatch.setattr(environment, "ROOT", moved)
    shutil.copytree(root, moved)
    assert not environment._stamped("run")


@pytest.mark.parametrize("text", ["", "{", "[]"])
def test_a_damaged_stamp_is_no_stamp(root: Path, text: str) -> None:
    (root / ".venv").mkdir()
    environment._stamp_file().write_text(text)
    assert not environment._stamped("run")


def test_without_its_python_a_stamp_is_worth_nothing(root: Path) -> None:
    (root / ".venv").mkdir()
    environment._stamp("run")
    assert not environment._stamped("run")


def test_a_package_cut_short_is_forgotten(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_packages_folder", lambda: root)
    for name in ("whole-1.dist-info", "half-1.dist-info"):
        (root / name).mkdir()
        (root / name / "METADATA").touch()
    (root / "whole-1.dist-info" / "RECORD").touch()
    environment._forget_half_installed()
    assert (root / "whole-1.dist-info").exists()
    assert not (root / "half-1.dist-info").exists()


def test_too_little_room_is_said_before_anything_is_fetched(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(root)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=2_000_000_000))
    with pytest.raises(SetupError, match=r"has 2\.0 GB of disk left, and about \d GB are needed"):
        environment._check_room()


def test_torch_is_known_to_be_there(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not environment._has_torch()
    monkeypatch.setattr(environment, "_packages_folder", lambda: root)
    assert not environment._has_torch()
    (root / "torch").mkdir()
    assert environment._has_torch()


@pytest.mark.parametrize(
    ("line", "part"),
    [
        (
            "ERROR: Could not install packages: OSError: [Errno 28] No space left on device",
            "is full",
        ),
        ("WARNING: Retrying ... NewConnectionError('...: Temporary failure in name resolution')", "network"),
        ("ERROR: No matching distribution found for torch>=99", "No matching distribution found for torch"),
        ("      OSError: Readme file does not exist: README.md", "Readme file does not exist"),
        ("", "it gave no reason"),
    ],
)
def test_what_pip_failed_of_is_one_sentence(line: str, part: str, tmp_path: Path) -> None:
    said = ["Collecting torch", line] if line else []
    sentence = pip._reason(said, tmp_path / "log")
    assert part in sentence
    assert "\n" not in sentence


def test_progress_is_shown_and_kept_out_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    assert pip._shown("Progress 10 of 100\n")
    assert not pip._shown("  Downloading torch-2.15.0-cp311-cp311-linux_x86_64.whl (539.1 MB)\n")
    assert not pip._shown("  Downloading torch-2.15.0-cp311-cp311-linux_x86_64.whl.metadata (30 kB)\n")
    assert not pip._shown("  Downloading typer-0.29.2-py3-none-any.whl (121 kB)\n")
    assert not pip._shown("  Downloading jinja2-3.1.6-py3-none-any.whl (1.3 MB)\n")
    assert not pip._shown("  Using cached https://x.org/a/numpy-2.4.6.tar.gz (16.9 MB)\n")
    assert capsys.readouterr().out.splitlines() == ["  torch (539.1 MB)", "  numpy (16.9 MB)"]


@posix
def test_one_set_up_at_a_time_and_a_killed_one_holds_nothing(root: Path) -> None:
    (root / ".venv").mkdir()
    code = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1]); from installer import environment\n"
        "environment.VENV = pathlib.Path(sys.argv[2])\n"
        "with environment._alone(): print('held', flush=True); sys.stdin.read()"
    )
    checkout = str(Path(environment.__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-c", code, checkout, str(root / ".venv")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with environment._lock().open("a") as file:
            assert not environment._locked(file.fileno())
            holder.send_signal(signal.SIGKILL)
            holder.wait()
            assert environment._locked(file.fileno())


@posix
def test_system_packages_are_installed_where_we_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    log = tmp_path / "log"

    def program(name: str, text: str) -> None:
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(stat.S_IRWXU)

    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setattr(
        shutil, "which", lambda name: str(programs / name) if (programs / name).exists() else None
    )
    assert not apt.install(["libegl1"]), "not Debian"

    # Its lists are out of date: what it is asked for can be had only after an update.
    program(
        "apt-get",
        f'echo "$@" >> {log}; case "$*" in *update*) touch {tmp_path}/new;; esac; test -e {tmp_path}/new',
    )
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert not apt.install(["libegl1"]), "neither root nor sudo"
    assert not log.exists()

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert apt.install(["libegl1", "libgl1"])
    asked = log.read_text().splitlines()
    assert [line.split()[3] for line in asked] == ["install", "update", "install"]
    assert asked[0].endswith("libegl1 libgl1")
    assert "Installing system packages: libegl1 libgl1" in capsys.readouterr().out


def test_a_stamp_is_plain_json(root: Path) -> None:
    (root / ".venv").mkdir()
    environment._stamp("run")
    assert list(json.loads(environment._stamp_file().read_text())) == ["run"]
    assert [path.name for path in (root / ".venv").iterdir()] == ["cnngui-set-up.json"]
