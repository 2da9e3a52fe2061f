"""How requests come in and failures go out, and that looking at the help loads nothing heavy."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from cnngui.cli import app
from tests.unit.cli.conftest import Cnngui

CLI = Path(app.__file__).parent


def test_every_file_is_a_command_and_has_its_row() -> None:
    files = {path.stem for path in CLI.glob("*.py")} - {"__init__", "app"}
    assert {command.__name__ for command in app.COMMANDS} == files
    for command in app.COMMANDS:
        assert command.__module__ == f"cnngui.cli.{command.__name__}"
        assert (command.__doc__ or "").endswith(".")


def test_help_lists_every_command_in_full(cnngui: Cnngui) -> None:
    said = cnngui("--help")
    assert said.status == 0
    assert said.err == ""
    for command in app.COMMANDS:
        assert f"  {command.__name__}" in said.out
    assert "..." not in said.out.split("Commands:")[1]
    assert cnngui("-h").out == said.out


@pytest.mark.parametrize("command", [command.__name__ for command in app.COMMANDS])
def test_every_command_explains_itself(cnngui: Cnngui, command: str) -> None:
    said = cnngui(command, "--help")
    assert said.status == 0
    assert said.out.startswith(f"Usage: cnngui {command}")


def test_the_options_are_those_of_the_documentation(cnngui: Cnngui) -> None:
    promised = {
        "train": "-o --model --size --epochs --minutes --batch-size --device --val --val-fraction --seed "
        "--resume --json",
        "classify": "--top --unsure-below --format -o --device",
        "evaluate": "--format",
    }
    for command, options in promised.items():
        text = cnngui(command, "--help").out
        assert [
            option for option in options.split() if f"{option} " not in text and f"{option}," not in text
        ] == []


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["trian", "x"], "Did you mean “cnngui train”?"),
        (["frobnicate"], "“cnngui --help” lists the commands"),
        (["./nowhere"], "There is no file or folder nowhere"),
        (["--", "train"], "There is no file or folder train"),
        (["--nope"], "No such option: --nope"),
        (["train"], "Missing argument"),
        (["train", "x"], "Missing option"),
        (["train", "x", "-o", "y", "--epochs", "0"], "--epochs"),
        (["train", "x", "-o", "y", "--epochs", "many"], "--epochs"),
        (["train", "x", "-o", "y", "--device", "tpu"], "not one of auto, cpu, cuda, cuda:NUMBER, mps"),
        (["classify", "x", "y", "--format", "xml"], "--format"),
        (["classify", "x", "y", "--unsure-below", "2"], "--unsure-below"),
        (["classify", "x"], "Missing argument"),
    ],
)
def test_a_wrong_command_line_is_one_sentence(cnngui: Cnngui, arguments: Sequence[str], part: str) -> None:
    said = cnngui(*arguments)
    assert said.status == 2
    assert said.out == ""
    assert part in said.sentence


def test_commands_win_over_folders_of_their_name(
    cnngui: Cnngui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "train").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    assert "Missing argument" in cnngui("train").sentence
    if sys.platform == "linux":
        assert "The window cannot be opened: there is no display" in cnngui("./train").sentence
        assert "The window cannot be opened: there is no display" in cnngui("--", "train").sentence
        assert "The window cannot be opened: there is no display" in cnngui().sentence
        assert "The window cannot be opened: there is no display" in cnngui("gui").sentence


def python(code: str, *arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        errors="surrogateescape",
        env={**os.environ, **(env or {})},
    )


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["train", "--help"], ["trian"], ["train"]])
def test_looking_loads_neither_torch_nor_qt_nor_numpy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom cnngui.__main__ import main\nmain()\n"
        "print(sorted({'torch', 'numpy', 'PySide6', 'PIL', 'pyqtgraph'} & set(sys.modules)))"
    )
    assert python(code, *arguments).stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be deleted there")
def test_a_folder_that_was_deleted_is_no_place_to_start_in(tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom cnngui.__main__ import main\n"
        f"os.chdir({str(tmp_path)!r})\nos.rmdir({str(tmp_path)!r})\nsys.exit(main())"
    )
    for arguments in ([], ["check", "x.py"]):
        done = python(code, *arguments, env={"QT_QPA_PLATFORM": "offscreen"})
        tmp_path.mkdir()
        assert done.returncode == 2
        assert done.stderr == "cnngui: The folder that this was started in is gone: go to another one.\n"


def test_the_module_is_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cnngui", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("cnngui 0.")


def test_whoever_stops_reading_is_no_error() -> None:
    code = (
        "import sys\nfrom cnngui.cli import app\n"
        "def much():\n    'Much.'\n    for _ in range(100_000): print('x' * 100)\n"
        "app.COMMANDS = (*app.COMMANDS, much)\nsys.exit(app.run(['much']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait() == 0
        assert process.stderr.read() == ""


def test_a_fault_of_our_own_is_one_sentence_and_a_report(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom cnngui import __main__\nfrom cnngui.cli import app\n"
        "def broken(argv): raise ZeroDivisionError('of all things\\nand more')\n"
        "app.run = broken\nsys.exit(__main__.main())"
    )
    done = python(code, "--secret", env={"CNNGUI_HOME": str(tmp_path)})
    assert done.returncode == 70
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "ZeroDivisionError: of all things" in done.stderr
    (report,) = (tmp_path / "data" / "crashes").iterdir()
    assert str(report) in done.stderr
    text = report.read_text()
    assert "in broken" in text
    assert "--secret" in text


def test_reports_do_not_pile_up(tmp_path: Path) -> None:
    code = (
        "import threading\nfrom cnngui import bootstrap\nbootstrap.prepare()\n"
        "def fail(): raise ValueError('x')\n"
        "for _ in range(25):\n    t = threading.Thread(target=fail); t.start(); t.join()\n"
    )
    done = python(code, env={"CNNGUI_HOME": str(tmp_path)})
    assert done.stderr.count("ValueError: x") == 25
    assert len(list((tmp_path / "data" / "crashes").iterdir())) == 20


def test_without_a_place_for_the_report_the_traceback_is_shown(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = python(
        "from cnngui import bootstrap\nbootstrap.prepare()\nraise ValueError('x')",
        env={"CNNGUI_HOME": str(tmp_path / "file")},
    )
    assert done.returncode == 1
    assert "No report could be written" in done.stderr
    assert "Traceback" in done.stderr


@pytest.mark.parametrize(
    "env", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}]
)
def test_no_terminal_is_too_poor(env: dict[str, str], tmp_path: Path) -> None:
    done = python(
        "from cnngui import bootstrap\nbootstrap.prepare()\nprint('“é 🐝” \\udcff')",
        env={"CNNGUI_HOME": str(tmp_path), **env},
    )
    assert done.returncode == 0
