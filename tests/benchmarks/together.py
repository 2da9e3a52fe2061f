"""More processes, and several hosts: python -m pytest tests/benchmarks/together.py

Not among the tests that run every time: separate hosts are network namespaces, which only root may make.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.test_many_processes import (  # noqa: F401  the fixtures are used by name
    CNNGUI,
    RECIPE,
    TORCHRUN,
    alone,
    environment,
    furthest,
    pictures,
    together,
)


def test_four_processes(pictures: Path, alone: Path, tmp_path: Path) -> None:  # noqa: F811
    shared = tmp_path / "shared.safetensors"
    done = together(4, *CNNGUI, "train", pictures, "-o", shared, *RECIPE)
    assert done.returncode == 0, done.stderr
    assert furthest(alone, shared) < 1e-4


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
                *(*CNNGUI, "train", str(pictures), "-o", str(shared), *RECIPE),
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
