"""More of shared_work.py: lost processes, several hosts: python -m pytest tests/benchmarks/together.py

Not among the tests that run every time: a restart waits on torchrun's own time limits, and separate hosts
are network namespaces, which only root may make.
"""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.shared_work import (  # noqa: F401  the fixtures are used by name
    CNNGUI,
    HERE,
    TORCHRUN,
    alone,
    environment,
    furthest,
    pictures,
    script,
    together,
)


def test_four_processes(pictures: Path, script: Path, alone: Path, tmp_path: Path) -> None:  # noqa: F811
    shared = tmp_path / "shared.safetensors"
    done = together(4, script, pictures, shared)
    assert done.returncode == 0, done.stderr
    assert furthest(alone, shared) < 1e-4


def test_a_lost_process_costs_a_restart_and_no_epoch(pictures: Path, tmp_path: Path) -> None:  # noqa: F811
    output, log = tmp_path / "model.safetensors", tmp_path / "log"
    command = [*TORCHRUN, *HERE, "--nproc-per-node", "2", "--max-restarts", "1", *CNNGUI]
    command += ["train", str(pictures), "-o", str(output), "--epochs", "60", "--batch-size", "16"]
    with log.open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, env=environment())
    try:
        while "Epoch 3 of 60" not in log.read_text():
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        os.kill(children(process.pid)[-1], signal.SIGKILL)
        assert process.wait(300) == 0, log.read_text()
    finally:
        process.kill()
    runs = list((Path(os.environ["CNNGUI_HOME"]) / "data" / "projects").glob("*/runs/*/events.jsonl"))
    assert len(runs) == 1
    events = [json.loads(line) for line in runs[0].read_text().splitlines()]
    started = [event["first_epoch"] for event in events if event["event"] == "RunStarted"]
    assert len(started) == 2
    assert started[1] > 1
    assert output.exists()


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture
def hosts() -> Iterator[tuple[str, str]]:
    """Two network namespaces joined by a cable: 10.213.77.1 and 10.213.77.2."""
    ip = shutil.which("ip")
    if ip is None or os.geteuid() != 0:
        pytest.skip("network namespaces need root and iproute2")
    names = (f"cnngui-{os.getpid()}-1", f"cnngui-{os.getpid()}-2")

    def do(*words: str) -> None:
        subprocess.run([ip, *words], check=True, capture_output=True)

    try:
        for name in names:
            do("netns", "add", name)
        do(
            "link",
            "add",
            "wire",
            "netns",
            names[0],
            "type",
            "veth",
            "peer",
            "name",
            "wire",
            "netns",
            names[1],
        )
        for number, name in enumerate(names, 1):
            do("-n", name, "addr", "add", f"10.213.77.{number}/24", "dev", "wire")
            do("-n", name, "link", "set", "wire", "up")
            do("-n", name, "link", "set", "lo", "up")
    except subprocess.CalledProcessError:
        for name in names:
            subprocess.run([ip, "netns", "delete", name], capture_output=True, check=False)
        pytest.skip("this system allows no network namespaces")
    yield names
    for name in names:
        do("netns", "delete", name)


def test_two_hosts(
    pictures: Path,  # noqa: F811
    script: Path,  # noqa: F811
    alone: Path,  # noqa: F811
    tmp_path: Path,
    hosts: tuple[str, str],
) -> None:
    shared = tmp_path / "shared.safetensors"
    processes = [
        subprocess.Popen(
            [
                *("ip", "netns", "exec", name, *TORCHRUN, "--nnodes", "2", "--node-rank", str(rank)),
                *("--nproc-per-node", "1", "--master-addr", "10.213.77.1", "--master-port", "29513"),
                *(str(script), str(pictures), str(shared)),
            ],
            env=environment() | {"GLOO_SOCKET_IFNAME": "wire"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for rank, name in enumerate(hosts)
    ]
    said = [process.communicate(timeout=300)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    assert furthest(alone, shared) < 1e-4
