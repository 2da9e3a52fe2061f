"""From text to findings: ignores, selection, notebooks, fragments, broken rules, what was not followed."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cnngui.checker import runner
from cnngui.checker.config import Selection
from cnngui.checker.finding import Confidence, Severity
from cnngui.checker.judging import CRASHED
from cnngui.checker.rule import Kind, Registry, Report
from cnngui.checker.rules.source import LISTED
from cnngui.checker.runner import Options, check, check_text
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.targets import Target

LENET = """
import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc1 = nn.Linear(32 * 8 * 8, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(torch.flatten(x, 1))))

tf = transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor()])
loader = torch.utils.data.DataLoader(datasets.CIFAR10(".", transform=tf), batch_size=64, shuffle=True)
model = Net()
for images, labels in loader:
    scores = model(images)
"""


def rules(text: str, **options: object) -> list[str]:
    return [one.rule for one in check_text(text, "s.py", Options(**options)).findings]  # type: ignore[arg-type]


def test_the_message_carries_the_arithmetic_and_the_fix() -> None:
    (finding,) = check_text(LENET, "s.py").findings
    assert finding.rule == "fc-size-mismatch"
    assert finding.severity is Severity.ERROR
    assert finding.confidence is Confidence.PROVEN
    assert finding.where.line == 12
    assert finding.message == (
        "Linear(2048, 128) expects 2048 = 32·8·8 values but gets 8192 = 32·16·16 values from a 64×64 picture."
    )
    assert finding.fix == (
        "Resize to 32×32, set in_features to 32*16*16, or put AdaptiveAvgPool2d(8) before flatten."
    )


def test_the_size_and_classes_a_person_says_are_used() -> None:
    text = LENET.partition("tf = ")[0]
    assert rules(text) == []
    assert rules(text, size=32) == []
    assert rules(text, size=64) == ["fc-size-mismatch"]
    loss = text + "out = Net()(torch.randn(1, 3, 32, 32))\nF.cross_entropy(out, torch.zeros(1).long())\n"
    assert rules(loss, classes=10) == []
    assert rules(loss, classes=12) == ["class-count-mismatch"]


@pytest.mark.parametrize(
    "mark", ["# cnngui: ignore[fc-size-mismatch]", "# cnngui: ignore", "# cnngui:ignore[a, fc-size-mismatch]"]
)
def test_a_comment_silences_its_line(mark: str) -> None:
    line = "self.fc1 = nn.Linear(32 * 8 * 8, 128)"
    assert rules(LENET.replace(line, f"{line}  {mark}")) == []


def test_a_comment_for_another_rule_silences_nothing() -> None:
    line = "self.fc1 = nn.Linear(32 * 8 * 8, 128)"
    assert rules(LENET.replace(line, f"{line}  # cnngui: ignore[unused-layer]")) == ["fc-size-mismatch"]


def test_selection_by_rule_by_group_and_info() -> None:
    def chosen(**given: object) -> list[str]:
        return rules(LENET + "print(scores.argmax(1))\n", selection=Selection(**given))  # type: ignore[arg-type]

    assert chosen(select=frozenset({"unused-layer"})) == []
    assert chosen(select=frozenset({"shape"})) == ["fc-size-mismatch"]
    assert chosen(ignore=frozenset({"shape"})) == []
    sound = LENET.replace("(64, 64)", "(32, 32)") + "print(scores.argmax(1))\n"
    assert rules(sound) == []
    info = check_text(sound, "s.py", Options(selection=Selection(info=True))).findings
    assert [(one.rule, one.severity) for one in info] == [("softmax-missing-for-probs", Severity.INFO)]
    assert "softmax keeps their order" in info[0].message


def test_a_notebook_is_read_by_cells_and_magics_do_not_matter() -> None:
    head, _, tail = LENET.partition("tf = ")
    cells = [
        {"cell_type": "markdown", "source": "# A network"},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "!pip list\n", head]},
        {"cell_type": "code", "source": "%%time\ntf = " + tail + "\nmodel?"},
        {"cell_type": "code", "source": "%%bash\nls -la"},
    ]
    (finding,) = check_text(json.dumps({"cells": cells}), "n.ipynb", notebook=True).findings
    assert (finding.where.cell, finding.where.line) == (2, 14)


def test_a_broken_notebook_is_said() -> None:
    assert "not a notebook" in check_text("{", "n.ipynb", notebook=True).unreadable


def test_a_fragment_needs_no_imports() -> None:
    text = """
        conv = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(16, 8, 3))
        conv(torch.randn(1, 3, 32, 32))
    """
    assert rules(text) == ["conv-channel-mismatch"]


def test_prompts_and_fences_of_a_pasted_session() -> None:
    session = """
>>> net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(),
...                     nn.Conv2d(16, 8, 3))
>>> net(torch.randn(1, 3, 32, 32)).shape
torch.Size([1, 8, 28, 28])
"""
    assert rules(session) == ["conv-channel-mismatch"]
    assert rules("Here:\n```python\nx = 1\n```\n") == []


def test_a_line_that_is_not_python_does_not_hide_the_rest() -> None:
    checked = check_text(LENET + "\nprint 'python 2'\n", "s.py")
    assert [one.rule for one in checked.findings] == ["fc-size-mismatch"]
    assert "could not be read" in checked.notes[0].text


def test_what_is_not_in_the_file_is_unknown_and_said() -> None:
    text = "from mynets import build_backbone\n\nnet = build_backbone(10)\nout = net(1)\n"
    checked = check_text(text, "s.py")
    assert checked.findings == ()
    assert [(note.line, note.text) for note in checked.notes] == [(3, "`build_backbone` is not in this file")]


def test_one_cause_gives_one_finding() -> None:
    text = LENET.replace("nn.Conv2d(3, 16, 3, padding=1)", "nn.Conv2d(1, 16, 3, padding=1)")
    assert rules(text) == ["input-channel-mismatch"]


def test_a_crashing_rule_reports_itself_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(facts: SourceFacts) -> Iterator[Report]:
        raise RuntimeError("oh")

    broken = Registry([replace(LISTED[0], name="broken", check=crash), *LISTED])
    monkeypatch.setattr(runner, "RULES", broken)
    found = check_text(LENET, "s.py", Options(selection=Selection(info=True))).findings
    assert [one.rule for one in found] == [CRASHED, "fc-size-mismatch"]
    assert "oh" in found[0].message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "net.py"
    os.mkfifo(pipe)
    assert check(Target(str(pipe), Kind.SOURCE)).unreadable == "it is not an ordinary file"


def test_of_a_notebook_the_code_counts_and_not_its_pictures(tmp_path: Path) -> None:
    picture = {"output_type": "display_data", "data": {"image/png": "A" * 3_000_000}}
    cell = {"cell_type": "code", "source": "loss.backward(", "outputs": [picture]}
    book = tmp_path / "book.ipynb"
    book.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    checked = check(Target(str(book), Kind.SOURCE, notebook=True))
    assert not checked.unreadable.startswith("it is longer")
    long = tmp_path / "long.py"
    long.write_text("x = 1\n" * 400_000, encoding="utf-8")
    assert check(Target(str(long), Kind.SOURCE)).unreadable == "it is longer than 1,000,000 characters"
