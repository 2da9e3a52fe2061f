"""Every label of the corpus holds on a real run of its script: see tests/corpus/prove.py."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
NAMES = sorted(json.loads((CORPUS / "labels.json").read_text(encoding="utf-8"))["scripts"])
BATCHES = [NAMES[start::24] for start in range(24)]

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork") or sys.platform == "darwin",
    reason="each script runs in a fork of a process that holds torch: not on Windows, unsafe on macOS",
)


@pytest.fixture(scope="module")
def prover() -> Iterator["subprocess.Popen[str]"]:
    """One process that has imported torch and proves the names it is sent, line by line."""
    command = [sys.executable, str(CORPUS / "prove.py"), "--serve"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=60) == 0


@pytest.mark.parametrize("batch", range(len(BATCHES)))
def test_real_runs_agree_with_the_labels(prover: "subprocess.Popen[str]", batch: int) -> None:
    assert prover.stdin is not None
    assert prover.stdout is not None
    prover.stdin.write(json.dumps(BATCHES[batch]) + "\n")
    prover.stdin.flush()
    problems: dict[str, list[str]] = json.loads(prover.stdout.readline())
    assert sorted(problems) == BATCHES[batch]
    assert {name: found for name, found in problems.items() if found} == {}
