"""The labelled corpus: how often the checker must be right on scripts whose labels were proven."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]
LABELS = ROOT / "tests" / "corpus" / "labels.json"


def benchmark() -> ModuleType:
    script = ROOT / "tests" / "benchmarks" / "checker_corpus.py"
    spec = importlib.util.spec_from_file_location("checker_corpus", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["checker_corpus"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not LABELS.exists(), reason="the labelled corpus is not in this checkout")
def test_precision_recall_lines_and_clean_scripts() -> None:
    result = benchmark().measure()
    errors, warnings = result.scores["error"], result.scores["warning"]
    remarks = "\n".join(result.remarks)
    assert errors.precision >= 0.97, remarks
    assert errors.recall >= 0.85, remarks
    assert warnings.precision >= 0.90, remarks
    assert warnings.recall >= 0.75, remarks
    hits = sum(score.hits for score in result.scores.values())
    assert sum(score.in_place for score in result.scores.values()) >= 0.9 * hits, remarks
    assert len(result.flagged) <= 2 * result.clean / 41, remarks
