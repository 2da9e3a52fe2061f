"""Several processes at one job, started by torchrun as a person would."""

import os
import subprocess
import sys
from pathlib import Path

from tests.unit.cli.conftest import draw_pictures

STARTER = Path(__file__).resolve().parents[2] / "resources" / "models" / "starter.safetensors"


def torchrun(processes: int, *arguments: object) -> subprocess.CompletedProcess[str]:
    """`torchrun --nproc-per-node N -m cnngui ...`, to its end."""
    command = (sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", str(processes))
    return subprocess.run(
        [*command, "--rdzv-backend", "c10d", "--rdzv-endpoint", "localhost:0", "-m", "cnngui"]
        + [str(argument) for argument in arguments],
        capture_output=True,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        timeout=300,
        check=False,
    )


def test_two_processes_classify_in_order(tmp_path: Path) -> None:
    pictures = draw_pictures(tmp_path / "pictures", 4)
    (pictures / "blue sky" / "002.jpg").write_bytes(b"")  # one that neither can read
    (pictures / "red 🍎" / 'a\n"b".jpg').write_bytes((pictures / "red 🍎" / "000.jpg").read_bytes())
    rows = {}
    for processes in (1, 2):
        output = tmp_path / f"{processes}.csv"
        done = torchrun(processes, "classify", STARTER, pictures, "--format", "csv", "-o", output)
        assert done.returncode in (0, 1), done.stderr
        assert "8 pictures classified; 1 cannot be used" in done.stderr
        rows[processes] = output.read_text(encoding="utf-8")
    # Which pictures share a batch differs, and with it the last digit.
    assert [row.split(",")[:2] for row in rows[1].splitlines()] == [
        row.split(",")[:2] for row in rows[2].splitlines()
    ]
    assert len(rows[1].splitlines()) > 9  # the head, nine pictures, one of them with a line end in its name
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.csv", "2.csv", "pictures"]
