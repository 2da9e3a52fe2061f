"""``cnngui check``: exit status, formats, selection, folders, standard input, bad requests."""

import contextlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from cnngui.cancel import Cancel
from cnngui.checker.rule import Kind
from cnngui.checker.rules import listed
from cnngui.cli import app
from cnngui.data.samples import draw
from tests.pictures import make_pictures

BAD = "import torch.nn as nn\nnet = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(16, 8, 3))\n"
KEYS = ["rule", "severity", "confidence", "path", "line", "column", "message", "why", "fix"]


def run(*words: str, given: str = "") -> tuple[int, str, str]:
    out, err, before = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.StringIO(given)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = app.run(["check", *words])
    finally:
        sys.stdin = before
    return status, out.getvalue(), err.getvalue()


@pytest.fixture
def bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.py").write_text(BAD, encoding="utf-8")
    (tmp_path / "good.py").write_text("print('hello')\n", encoding="utf-8")
    return tmp_path


def test_exit_status_says_whether_there_are_findings(bad: Path) -> None:
    status, out, _ = run("bad.py")
    assert status == 1
    assert out.startswith("bad.py:2:")
    assert "[conv-channel-mismatch]" in out
    assert run("good.py")[:2] == (0, "No pitfalls found in 1 file.\n")


def test_a_folder_of_pictures_is_called_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    *_, drawn = draw("shapes", tmp_path / "shapes", Cancel())
    assert drawn
    assert run("shapes")[:2] == (0, "No pitfalls found in 1 folder of pictures.\n")
    (tmp_path / "good.py").write_text("print('hello')\n", encoding="utf-8")
    assert run("good.py", "shapes")[1] == "No pitfalls found in 1 file and 1 folder of pictures.\n"


def test_json_has_the_documented_keys(bad: Path) -> None:
    status, out, _ = run("bad.py", "--format", "json")
    (found,) = json.loads(out)
    assert status == 1
    assert list(found) == KEYS
    assert found["rule"] == "conv-channel-mismatch"
    assert (found["severity"], found["confidence"], found["line"]) == ("error", "proven", 2)
    assert json.loads(run("good.py", "--format", "json")[1]) == []


def test_sarif_names_rules_levels_and_places(bad: Path) -> None:
    log = json.loads(run("bad.py", "--format", "sarif")[1])
    assert log["version"] == "2.1.0"
    (one,) = log["runs"]
    rules = one["tool"]["driver"]["rules"]
    (result,) = one["results"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "conv-channel-mismatch"
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "bad.py"
    assert place["region"]["startLine"] == 2
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in rules)


def test_folders_are_walked_and_environments_left_out(bad: Path) -> None:
    (bad / ".venv").mkdir()
    (bad / ".venv" / "other.py").write_text(BAD, encoding="utf-8")
    (bad / "sub").mkdir()
    (bad / "sub" / "deep.py").write_text(BAD, encoding="utf-8")
    status, out, _ = run(".", "--format", "json")
    assert status == 1
    assert [Path(one["path"]).name for one in json.loads(out)] == ["bad.py", "deep.py"]


def test_standard_input(bad: Path) -> None:
    status, out, _ = run("-", given=BAD)
    assert status == 1
    assert out.startswith("-:2:")


def test_select_and_ignore_on_the_command_line_and_in_the_project(bad: Path) -> None:
    assert run("bad.py", "--ignore", "conv-channel-mismatch")[0] == 0
    assert run("bad.py", "--select", "loop,unused-layer")[0] == 0
    assert run("bad.py", "--select", "shape")[0] == 1
    (bad / "pyproject.toml").write_text('[tool.cnngui.check]\nignore = ["shape"]\n', encoding="utf-8")
    assert run("bad.py")[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.py"], "nowhere.py does not exist"),
        (["bad.py", "--select", "no-such-rule"], "no rule called no-such-rule"),
        (["bad.py", "--format", "xml"], "no format xml"),
        ([], "Nothing to check"),
        (["picture.png"], "cannot be checked"),
        (["empty"], "no script, notebook or picture in empty"),
    ],
)
def test_a_request_that_cannot_be_met_is_one_line(bad: Path, words: list[str], said: str) -> None:
    (bad / "picture.png").write_bytes(b"\x89PNG")
    (bad / "empty").mkdir()
    status, out, error = run(*words)
    assert status == 2
    assert out == ""
    assert said in error
    assert len(error.strip().splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
@pytest.mark.parametrize("inside", ["", "x.py"])
def test_a_folder_that_may_not_be_entered(
    tmp_path: Path, inside: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    stat, access = os.stat, os.access

    def refusing(path: object, *more: Any, **named: Any) -> os.stat_result:
        if isinstance(path, str | Path) and Path(path).is_relative_to(closed) and Path(path) != closed:
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, *more, **named)  # type: ignore[arg-type]

    # Root may enter every folder, and these tests may be run as root.
    monkeypatch.setattr(os, "stat", refusing)
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != closed and access(path, mode))
    assert app.run(["check", str(closed / inside)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "permission denied" in said
    assert "closed" in said


def test_a_project_table_that_makes_no_sense(bad: Path) -> None:
    (bad / "pyproject.toml").write_text('[tool.cnngui.check]\nignore = "shape"\n', encoding="utf-8")
    status, _, error = run("bad.py")
    assert status == 2
    assert "must be a list of rule names" in error


def test_bytes_that_are_no_utf8_are_read(bad: Path) -> None:
    (bad / "old.py").write_bytes(b"# caf\xe9\n" + BAD.encode())
    assert run("old.py")[0] == 1
    (bad / "marked.py").write_bytes(b"\xef\xbb\xbf" + BAD.replace("\n", "\r\n").encode())
    assert run("marked.py")[0] == 1


def test_the_rules_are_listed() -> None:
    status, out, _ = run("--rules")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == [one.name for one in listed(Kind)]
    assert io.StringIO(out).readline().startswith("fc-size-mismatch (source, error, shape): ")


def test_a_folder_of_pictures_and_a_model_file_are_checked_as_what_they_are(tmp_path: Path) -> None:
    pictures = make_pictures(tmp_path / "pictures", 3)
    status, out, _ = run(str(pictures), "--format", "json")
    assert status == 1
    assert "too-few-images" in {found["rule"] for found in json.loads(out)}
    (tmp_path / "weights.pth").write_bytes(b"\x80\x04N.")
    status, out, _ = run(str(tmp_path / "weights.pth"), "--format", "json")
    assert status == 1
    assert {found["severity"] for found in json.loads(out)} == {"error"}


def test_few_figures_do_not_make_a_project_a_data_set(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("print(1)\n", encoding="utf-8")
    make_pictures(tmp_path, 1)
    (tmp_path / "red" / "00.png").rename(tmp_path / "logo.png")
    for name in ("b.py", "c.py", "d.py"):
        (tmp_path / name).write_text("print(1)\n", encoding="utf-8")
    assert run(str(tmp_path))[:2] == (0, "No pitfalls found in 4 files.\n")
