"""A network of one's own, as docs/own-network.md says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pictures import make_pictures

ROOT = Path(__file__).parents[2]


def run(folder: Path, *command: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *map(str, command)], cwd=folder, capture_output=True, encoding="utf-8"
    )


def test_it_is_trained_used_and_exported_by_the_files_of_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNNGUI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTHONUTF8", "1")
    pictures = make_pictures(tmp_path / "pictures")
    page = (ROOT / "docs" / "own-network.md").read_text("utf-8")
    for text in re.findall(r"```python\n(.+?)```", page, re.S):
        (tmp_path / text.split()[1]).write_text(text, "utf-8")  # named in its first line

    trained = run(tmp_path, "train_tiny.py", pictures)
    assert trained.returncode == 0, trained.stderr
    assert re.search(r"^Epoch 5: [\d.]+%$", trained.stdout, re.M)
    assert trained.stdout.count("Prediction(") == 3
    assert "kind='python'" in trained.stdout

    alone = run(tmp_path / "tiny", "predict.py", next(pictures.rglob("*.png")))
    assert alone.returncode == 0, alone.stderr
    assert "%" in alone.stdout
    assert "cnngui" not in (tmp_path / "tiny" / "tiny_cnn.py").read_text("utf-8")

    refused = run(tmp_path, "-m", "cnngui", "classify", "tiny.safetensors", pictures)
    assert refused.returncode != 0
    assert "a network called “tiny_cnn”" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_card_in_the_page_counts_the_parameters() -> None:
    page = (ROOT / "docs" / "own-network.md").read_text("utf-8")
    source = re.findall(r"```python\n(.+?)```", page, re.S)[0]
    code = source + "\nprint(sum(one.numel() for one in tiny_cnn(10).parameters()))"
    done = run(ROOT, "-c", code)
    assert done.stdout.strip() == "3018", done.stderr
    assert "parameters=3_018," in source
