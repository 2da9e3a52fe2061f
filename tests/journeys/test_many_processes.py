"""Several processes at one job, by torchrun."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent, indent

import pytest
from safetensors.torch import load_file

from cnngui.cli import app
from cnngui.data.project import Project
from tests.unit.cli.conftest import draw_pictures

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "resources" / "models" / "starter.safetensors"
TORCHRUN = (sys.executable, "-m", "torch.distributed.run")
# Any port that is free, and no name: a bare system may not know who localhost is.
HERE = ("--rdzv-backend", "c10d", "--rdzv-endpoint", "127.0.0.1:0", "--local-addr", "127.0.0.1")
LOOPBACK = {"GLOO_SOCKET_IFNAME": "lo"} if sys.platform == "linux" else {}
CNNGUI = ("-m", "cnngui")

# In full precision, in which sums in another order differ by rounding alone.
RECIPE = ("--model", "simple_cnn", "--epochs", "3", "--batch-size", "16", "--precision", "float32")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="torchrun is not made for Windows")


def environment() -> dict[str, str]:
    # One thread each, which torchrun would choose as well, and then say so at length.
    return os.environ | LOOPBACK | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}


def together(processes: int, *arguments: object) -> subprocess.CompletedProcess[str]:
    """torchrun with so many processes, to its end."""
    command = [*TORCHRUN, *HERE, "--nproc-per-node", str(processes), *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment(), timeout=120, check=False
    )


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return draw_pictures(tmp_path / "pictures", 22)  # 36 to learn from: two whole batches and one of four


@pytest.fixture
def alone(pictures: Path, tmp_path: Path) -> Path:
    """What one process learns, this one."""
    output = tmp_path / "alone.safetensors"
    assert app.run(["train", str(pictures), "-o", str(output), *RECIPE]) == 0
    return output


def furthest(one: Path, other: Path) -> float:
    """The largest difference between any two weights."""
    a, b = load_file(one), load_file(other)
    return max((a[name] - b[name]).abs().max().item() for name in a)


def test_two_processes_classify_in_order(tmp_path: Path) -> None:
    pictures = draw_pictures(tmp_path / "pictures", 4)
    (pictures / "blue sky" / "002.jpg").write_bytes(b"")  # one that neither can read
    (pictures / "red 🍎" / 'a\n"b".jpg').write_bytes((pictures / "red 🍎" / "000.jpg").read_bytes())
    rows = {}
    arguments = ["classify", str(STARTER), str(pictures), "--format", "csv", "-o"]
    assert app.run([*arguments, str(tmp_path / "1.csv")]) == 1
    done = together(2, *CNNGUI, *arguments, tmp_path / "2.csv")
    assert done.returncode == 0, done.stderr
    assert "8 pictures classified" in done.stderr
    assert "1 cannot be used" in done.stderr
    for processes in (1, 2):
        rows[processes] = (tmp_path / f"{processes}.csv").read_text(encoding="utf-8")
    # Which pictures share a batch differs, and with it the last digit.
    assert [row.split(",")[:2] for row in rows[1].splitlines()] == [
        row.split(",")[:2] for row in rows[2].splitlines()
    ]
    assert len(rows[1].splitlines()) > 9  # the head, nine pictures, one of them with a line end in its name
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.csv", "2.csv", "pictures"]


def test_two_processes_learn_what_one_does(pictures: Path, alone: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared.safetensors"
    done = together(2, *CNNGUI, "train", pictures, "-o", shared, *RECIPE)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Epoch 3 of 3") == 1  # said by the leader alone
    assert furthest(alone, shared) < 1e-4


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the processes that torchrun started")
def test_a_lost_process_costs_a_restart_and_no_epoch(pictures: Path, tmp_path: Path) -> None:
    output, log = tmp_path / "model.safetensors", tmp_path / "log"
    command = [*TORCHRUN, *HERE, "--nproc-per-node", "2", "--max-restarts", "1", *CNNGUI]
    command += ["train", str(pictures), "-o", str(output), "--epochs", "60", "--batch-size", "16"]
    with log.open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, env=environment())
    try:
        while "Epoch 3 of 60" not in log.read_text():
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        os.kill(last_child(process.pid), signal.SIGKILL)
        assert process.wait(120) == 0, log.read_text()
    finally:
        process.kill()
    runs = list((Path(os.environ["CNNGUI_HOME"]) / "data" / "projects").glob("*/runs/*/events.jsonl"))
    assert len(runs) == 1
    events = [json.loads(line) for line in runs[0].read_text().splitlines()]
    started = [event["first_epoch"] for event in events if event["event"] == "RunStarted"]
    assert len(started) == 2
    assert started[1] > 1
    assert output.exists()


def test_a_refusal_is_said_once_and_takes_up_no_older_training(pictures: Path, tmp_path: Path) -> None:
    arguments = ["train", str(pictures), "-o", str(tmp_path / "model.safetensors"), "--model", "simple_cnn"]
    assert app.run([*arguments, "--epochs", "1"]) == 0
    (earlier,) = Project.of(pictures).runs()
    earlier.finish("stopped")
    done = together(2, "--max-restarts", "1", *CNNGUI, *arguments, "--batch-size", "1")
    assert done.returncode == 1
    assert done.stderr.count("cannot be shared by 2 processes") == 2  # once, and once more by the second team
    assert "was lost" not in done.stderr
    assert earlier.ended == "stopped"


def test_what_fails_in_one_process_ends_all_and_is_said_once(pictures: Path, tmp_path: Path) -> None:
    short = """
        from cnngui.engine import step
        def learn(*_):
            raise MemoryError
        step.Stepper._learn = learn
    """
    arguments = ["train", pictures, "-o", tmp_path / "model.safetensors", *RECIPE]
    done = together(2, in_rank_1(tmp_path, short), *arguments)
    assert done.returncode == 1
    assert done.stderr.count("has not memory enough") == 1
    assert "was lost" not in done.stderr
    assert "SIGABRT" not in done.stderr


def test_one_that_is_stopped_before_the_training_stops_all(pictures: Path, tmp_path: Path) -> None:
    stopped = """
        import os, signal
        from cnngui.cli.support import training
        scanned = training.scanned
        def interrupted(*arguments):
            os.kill(os.getpid(), signal.SIGTERM)
            return scanned(*arguments)
        training.scanned = interrupted
    """
    done = together(2, in_rank_1(tmp_path, stopped), "train", pictures, "-o", tmp_path / "m.safetensors")
    assert done.stderr.count("Stopped before the training began") == 1


def test_answers_are_kept_after_a_stop_and_no_litter_after_a_kill(tmp_path: Path) -> None:
    pictures = draw_pictures(tmp_path / "pictures", 4)
    signalled = """
        import os, signal
        from cnngui.cli import classify
        rows = classify._rows
        def signalled(*arguments, quiet):
            os.kill(os.getpid(), signal.{})
            return rows(*arguments, quiet=quiet)
        classify._rows = signalled
    """
    output = tmp_path / "out" / "answers.csv"
    output.parent.mkdir()
    arguments = ["classify", STARTER, pictures, "--format", "csv", "-o", output]
    done = together(2, in_rank_1(tmp_path, signalled.format("SIGTERM")), *arguments)
    assert done.returncode == 0, done.stderr
    assert "4 pictures classified of 8, then stopped" in done.stderr
    assert len(output.read_text(encoding="utf-8").splitlines()) == 1 + 4
    output.unlink()
    done = together(2, in_rank_1(tmp_path, signalled.format("SIGKILL")), *arguments)
    assert done.stderr.count("was lost") == 1
    assert not list(output.parent.iterdir())


def in_rank_1(folder: Path, change: str) -> Path:
    """The program as a script, changed in the process of rank 1."""
    script = folder / "changed.py"
    body = f"import os, sys\nif os.environ['RANK'] == '1':\n{indent(dedent(change), '    ')}\n"
    script.write_text(f"{body}from cnngui.__main__ import main\nsys.exit(main())\n", encoding="utf-8")
    return script


def last_child(pid: int) -> int:
    """The youngest of a process's children."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[-1])
