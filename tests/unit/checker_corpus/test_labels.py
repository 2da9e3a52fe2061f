"""The labels are complete and point into their scripts."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
LABELS: dict[str, dict[str, Any]] = json.loads((CORPUS / "labels.json").read_text("utf-8"))["scripts"]

SEVERITIES = {
    "error": """fc-size-mismatch conv-channel-mismatch bn-feature-mismatch residual-shape-mismatch
        input-channel-mismatch spatial-collapse missing-flatten view-flatten-error resize-not-square
        class-count-mismatch unregistered-modules nll-needs-log-probs bce-without-sigmoid bce-for-multiclass
        loss-args-swapped softmax-wrong-dim argmax-wrong-dim missing-zero-grad zero-grad-misplaced
        missing-optimizer-step optimizer-misses-params all-params-frozen graph-broken data-leakage
        normalize-before-totensor""",
    "warning": """missing-activation vanishing-gradient-risk activation-on-logits unused-layer
        functional-dropout-always-on double-softmax bce-double-sigmoid mse-for-classification
        softmax-missing-for-probs missing-eval-mode missing-no-grad missing-train-mode scheduler-order
        scheduler-per-batch loss-tensor-accumulated lr-too-high train-eval-norm-mismatch train-shuffle-off
        augment-on-eval input-not-scaled pretrained-norm-mismatch wrong-normalization-stats""",
    "info": "bias-before-bn redundant-log-softmax",
}
SEVERITY = {rule: severity for severity, rules in SEVERITIES.items() for rule in rules.split()}


def lines_of(name: str) -> list[str]:
    text = (CORPUS / "scripts" / name).read_text(encoding="utf-8")
    if not name.endswith(".ipynb"):
        return text.split("\n")
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    return [line for cell in cells for line in "".join(cell["source"]).split("\n")]


def test_every_script_has_a_label_and_every_label_a_script() -> None:
    assert {path.name for path in (CORPUS / "scripts").iterdir()} == set(LABELS)


@pytest.mark.parametrize("name", sorted(LABELS))
def test_findings_name_known_rules_and_code_lines(name: str) -> None:
    label, lines = LABELS[name], lines_of(name)
    for finding in label["expected"] + label.get("allowed", []):
        assert finding["severity"] == SEVERITY[finding["rule"]]
        assert set(finding.get("or", [])) <= set(SEVERITY)
        assert finding["line"] == sorted(set(finding["line"]))
        for line in finding["line"]:
            text = lines[line - 1].strip()
            assert text
            assert not text.startswith("#")
    assert label["clean"] == all(finding["severity"] == "info" for finding in label["expected"])
    if not label["clean"]:
        assert label["claim"] != "runs" or label["why"]


def test_every_rule_has_two_faulty_scripts_and_clean_ones_are_two_in_five() -> None:
    count = Counter(finding["rule"] for label in LABELS.values() for finding in label["expected"])
    assert {rule: count[rule] for rule in SEVERITY if count[rule] < 2} == {}
    clean = sum(label["clean"] for label in LABELS.values())
    assert len(LABELS) >= 160
    assert 0.35 <= clean / len(LABELS) <= 0.45
