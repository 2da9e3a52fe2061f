"""The command line as people and scripts use it: real processes, real files, real signals."""

import json
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

CNNGUI = (sys.executable, "-m", "cnngui")

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CNNGUI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="module")
def pets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 pictures of two classes."""
    folder = tmp_path_factory.mktemp("journey") / "my pets"
    chance = random.Random(0)
    for name, channel in (("cats", 0), ("dogs", 2)):
        (folder / name).mkdir(parents=True)
        for number in range(60):
            noise = Image.effect_noise((40, 40), 50 + chance.random())
            bands = [noise.point(lambda v: v // 2)] * 3
            bands[channel] = noise.point(lambda v: 100 + v // 2)
            Image.merge("RGB", bands).save(folder / name / f"{number}.jpg")
    return folder


def cnngui(*arguments: object, status: int = 0) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run([*CNNGUI, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return done


def start(*arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*CNNGUI, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def read_until(process: "subprocess.Popen[str]", beginning: str) -> list[str]:
    """The lines of standard error up to and with the first that begins so."""
    assert process.stderr is not None
    lines: list[str] = []
    for line in process.stderr:
        lines.append(line)
        if line.startswith(beginning):
            return lines
    raise AssertionError("".join(lines))


def rest(process: "subprocess.Popen[str]") -> tuple[str, str, int]:
    out, err = process.communicate()
    return out, err, process.returncode


def epochs(err: str) -> Iterator[int]:
    return (int(line.split()[1]) for line in err.splitlines() if line.startswith("Epoch "))


def test_from_a_folder_to_answers(pets: Path, tmp_path: Path) -> None:
    model = tmp_path / "pets.safetensors"
    before = {path: path.stat().st_mtime_ns for path in pets.rglob("*")}
    trained = json.loads(cnngui("train", pets, "-o", model, "--epochs", 4, "--seed", 1, "--json").stdout)
    assert trained["model"] == str(model)
    assert trained["val_accuracy"] > 0.9

    measured = json.loads(cnngui("evaluate", model, pets, "--format", "json").stdout)
    assert measured["images"] == 120
    assert measured["accuracy"] > 0.9

    asked = cnngui("classify", model, pets, tmp_path / "no.jpg", "--format", "jsonl", status=1)
    rows = [json.loads(line) for line in asked.stdout.splitlines()]
    assert len(rows) == 121
    assert sum(row.get("label") == Path(row["path"]).parent.name for row in rows) > 108
    assert "error" in rows[-1]
    assert {path: path.stat().st_mtime_ns for path in pets.rglob("*")} == before


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_once_the_best_network_is_kept_and_the_training_can_go_on(
    pets: Path, tmp_path: Path, number: signal.Signals
) -> None:
    model = tmp_path / "pets.safetensors"
    with start("train", pets, "-o", model, "--epochs", 10_000, "--json") as process:
        read_until(process, "Epoch 2 ")
        process.send_signal(number)
        out, err, status = rest(process)
    assert status == 0
    assert "Stopping after this step" in err
    first = json.loads(out)
    assert first["stopped"] is True
    assert first["epochs"] >= 2
    assert first["model"] == str(model)
    cnngui("classify", model, next(pets.glob("cats/*.jpg")))

    with start("train", pets, "-o", model, "--resume", "--json") as process:
        err = "".join(read_until(process, f"Epoch {first['epochs'] + 1} "))
        process.send_signal(number)
        out, more, status = rest(process)
    assert status == 0
    assert list(epochs(err + more))[: first["epochs"] + 1] == list(range(1, first["epochs"] + 2))
    assert json.loads(out)["epochs"] >= first["epochs"] + 1


@posix
def test_killed_in_the_middle_the_next_one_goes_on_from_the_last_checkpoint(
    pets: Path, tmp_path: Path, home: Path
) -> None:
    model = tmp_path / "pets.safetensors"
    with start("train", pets, "-o", model, "--epochs", 2_000, "--minutes", 30) as process:
        read_until(process, "Epoch 3 ")
        process.kill()
        status = rest(process)[2]
    assert status == -signal.SIGKILL
    assert not model.exists(), "nothing half written"
    (run,) = home.glob("data/projects/*/runs/*")
    assert (run / "last.ckpt").exists()

    with start("train", pets, "-o", model, "--resume", "--json") as process:
        lines = "".join(read_until(process, "Training "))
        assert "no interrupted training" not in lines
        lines += "".join(read_until(process, "Epoch 4 "))
        process.send_signal(signal.SIGINT)
        out, more, status = rest(process)
    assert status == 0
    assert list(epochs(lines + more))[:4] == [1, 2, 3, 4]
    assert json.loads(out)["epochs"] >= 4
    assert list(home.glob("data/projects/*/runs/*")) == [run]
    events = (run / "events.jsonl").read_text().splitlines()
    assert all(json.loads(line)["event"] for line in events)


@posix
def test_two_trainings_into_one_file_do_not_meet(pets: Path, tmp_path: Path) -> None:
    model = tmp_path / "pets.safetensors"
    with start("train", pets, "-o", model, "--epochs", 10_000) as process:
        read_until(process, "Epoch 1 ")
        second = cnngui("train", pets, "-o", model, status=2)
        assert "another training" in second.stderr.splitlines()[-1]
        process.send_signal(signal.SIGINT)
        rest(process)
    assert model.exists()


@posix
def test_classifying_stopped_on_the_way_keeps_what_was_done(pets: Path, tmp_path: Path) -> None:
    model, target = tmp_path / "pets.safetensors", tmp_path / "answers.jsonl"
    cnngui("train", pets, "-o", model, "--epochs", 1)
    many = [pets] * 400  # 48,000 pictures
    with start("classify", model, *many, "--format", "jsonl", "-o", target) as process:
        read_until(process, "Using ")
        process.send_signal(signal.SIGINT)
        _, err, status = rest(process)
    assert status == 130
    assert "of 48,000, then stopped" in err
    for line in target.read_text().splitlines():
        json.loads(line)


@posix
def test_on_a_terminal_a_training_shows_its_progress(pets: Path, tmp_path: Path) -> None:
    import pty

    master, slave = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120"}
    arguments = [*CNNGUI, "train", str(pets), "-o", str(tmp_path / "m"), "--epochs", "3"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=slave, env=env, text=True) as process:
        os.close(slave)
        shown = b""
        while True:
            try:
                piece = os.read(master, 1 << 16)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        assert process.stdout is not None
        assert str(tmp_path / "m") in process.stdout.read()
        assert process.wait() == 0
    os.close(master)
    text = shown.decode()
    assert "steps" not in text
    assert "left" in text
    assert "Epoch 3 of 3" in text
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h"), "the cursor is shown again"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is a display")
def test_the_demonstration_without_a_display(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    done = cnngui("demo")
    assert "No window is opened: there is no display" in done.stderr
    assert "Epoch 20 of 20" in done.stderr
    assert "plugin" not in done.stderr
    rows = done.stdout.splitlines()
    assert len(rows) == 2 * 6 + 1
    right = [re.search(rf"^{row.split()[0]} .*[/\\]{row.split()[0]}_\d+\.jpg", row) for row in rows[:-1]]
    assert len([row for row in right if row]) >= 9, done.stdout
    with Image.open(home / "cache" / "demo.png") as picture:
        assert picture.size == (1200, 800)
        assert len(picture.convert("RGB").resize((60, 40)).getcolors(2400) or []) > 20, "not an empty window"
    assert str(home / "cache" / "demo.png") in rows[-1]
