"""The launcher: which Python it takes, how it hands over, and what it says on the way out."""

import ast
import os
import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from installer import source

SOURCE = Path(source.__file__)
ROOT = SOURCE.parents[1]


def test_the_versions_are_those_of_the_project() -> None:
    requires = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    oldest, below = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", requires or "").groups()  # type: ignore[union-attr]
    assert (3, int(oldest)) == source.OLDEST
    assert (3, int(below) - 1) == source.NEWEST
    assert source.suits(sys.version_info[:2])
    assert not source.suits((3, 10))
    assert not source.suits((3, int(below)))


def test_an_old_python_can_read_the_launcher() -> None:
    ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("arguments", [[], ["frobnicate"], ["run", "now"], ["--help"]])
def test_anything_else_shows_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert source.main(arguments) == 2
    assert capsys.readouterr().err == source.USAGE + "\n"


def script(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


posix = pytest.mark.skipif(os.name == "nt", reason="shell scripts stand in for Pythons")


@posix
def test_a_python_that_does_not_suit_hands_over_to_one_that_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    script(tmp_path, "python3.13", "exit 127")  # a shim with nothing behind it
    script(tmp_path, "python3.12", 'if [ "$1" = -c ]; then echo 3 12; else echo "given: $*"; exit 7; fi')
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    assert source.main(["test", "-k", "a b"]) == 7
    said = capfd.readouterr().out
    assert "Python 3.10 does not fit (needed: 3.11 to 3.13); going on with python3.12." in said
    assert f"given: {SOURCE} test -k a b" in said


@posix
def test_where_no_python_suits_one_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script(tmp_path, "python3.12", "echo 3 9")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))
    assert source.main(["run"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "needs Python 3.11 to 3.13; this is 3.14" in said.err


def test_as_a_program_it_answers_in_ascii_too() -> None:
    done = subprocess.run(
        [sys.executable, str(SOURCE)], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}
    )
    assert done.returncode == 2
    assert "usage:" in done.stderr


def test_a_setup_that_cannot_go_on_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from installer import environment
    from installer.tell import SetupError

    def fail() -> int:
        raise SetupError("No room. Make some.")

    monkeypatch.setattr(environment, "run", fail)
    assert source.main(["run"]) == 2
    assert capsys.readouterr().err == "No room. Make some.\n"


def test_it_imports_nothing_but_the_standard_library() -> None:
    code = (
        "import sys, runpy; before = set(sys.modules)\n"
        f"sys.path.insert(0, {str(ROOT)!r}); import installer.environment\n"
        "loaded = {name.split('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(loaded - set(sys.stdlib_module_names) - {'installer', 'cnngui'}))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
