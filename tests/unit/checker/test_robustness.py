"""Whatever it is given, the checker neither raises nor hangs, and it imports no torch."""

import os
import random
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnngui.checker.runner import Checked, check_text
from cnngui.checker.source.follow import FAILED

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = sorted((ROOT / "tests" / "rules").glob("*/*.py"))
MODELS = Path(sysconfig.get_paths()["purelib"]) / "torchvision" / "models"

quiet = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def sound(checked: Checked) -> None:
    """Nothing inside failed."""
    assert not [note.text for note in checked.notes if FAILED in note.text]
    assert not [one for one in checked.findings if one.rule == "checker-crashed"]


@quiet
@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    sound(check_text(text, "t.py"))


@quiet
@given(st.text(max_size=200))
def test_any_notebook(text: str) -> None:
    sound(check_text(text, "t.ipynb", notebook=True))


@quiet
@given(st.integers(0, 10**9))
def test_real_scripts_with_lines_moved_dropped_and_doubled(seed: int) -> None:
    chance = random.Random(seed)
    lines = chance.choice(FIXTURES).read_text(encoding="utf-8").splitlines()
    for _ in range(chance.randint(1, 6)):
        here, there = chance.randrange(len(lines)), chance.randrange(len(lines))
        what = chance.randrange(4)
        if what == 0:
            del lines[here]
        elif what == 1:
            lines.insert(there, lines[here])
        elif what == 2:
            lines[here], lines[there] = lines[there], lines[here]
        else:
            lines[here] = lines[here].replace(
                *chance.choice([("(", "(*"), ("1", "-1"), ("x", "self"), (".", ""), ("=", "+=")])
            )
        if not lines:
            lines = ["pass"]
    sound(check_text("\n".join(lines), "t.py"))


WORDS = ["x", "nn", "torch", "F", "model", "self", "10", "0", "-1", "'a'", "None", "[]", "{}", "(1, 2)",
    "nn.Linear", "range",
         "nn.Conv2d", "nn.Sequential", "lambda v: v", "torch.randn(2, 3, 8, 8)", "nn.ReLU()",
         "datasets.MNIST('d')"]  # fmt: skip
expressions = st.recursive(
    st.sampled_from(WORDS),
    lambda inner: st.one_of(
        st.builds("{}({})".format, inner, inner),
        st.builds("{}({}, {})".format, inner, inner, inner),
        st.builds("{}[{}]".format, inner, inner),
        st.builds(
            "({} {} {})".format, inner, st.sampled_from(["+", "*", "//", "@", "==", "and", "in", "**"]), inner
        ),
        st.builds(
            "({}).{}".format,
            inner,
            st.sampled_from(["view", "shape", "fc", "size", "backward", "step", "items"]),
        ),
        st.builds("[{} for i in {} if {}]".format, inner, inner, inner),
    ),
    max_leaves=12,
)


@quiet
@given(
    st.lists(
        st.builds("{} = {}".format, st.sampled_from(["x", "model", "y"]), expressions), min_size=1, max_size=6
    )
)
def test_any_program_of_odd_expressions(lines: list[str]) -> None:
    sound(check_text("\n".join(lines), "t.py"))


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 5000 + ")" * 5000,
        "x = " + "+".join(["1"] * 20000),
        "x = " + "-" * 3000 + "1",
        "def f(): return f()\nf()",
        "def f(n): return [f(n - 1), f(n - 1)]\nf(60)",
        "while True: x = [x, x]",
        "x = 'a' * 10**9\ny = [0] * 10**9\nz = 9 ** 9 ** 9\n",
        "x = [1]\nfor _ in range(150):\n    x = x + x\n",
        "x = (1,)\nfor _ in range(150):\n    x = (x, x)\nif x == x: y = {x: x}\n",
        "c = T.ToTensor()\nfor _ in range(150):\n    c = T.Compose([c, c])\nc(1)\n",
        "import copy\nx = []\nfor _ in range(100):\n    x = [x, x]\ny = copy.deepcopy(x)\n",
        "class A(A): pass\nclass B:\n    def __getattr__(self, k): return getattr(self, k)\nB().x\n",
        "import torch.nn as nn\nm = nn.Sequential()\nm.add_module('m', m)\nm(1)\nm.parameters()",
        "class N(nn.Module):\n  def forward(self, x): return self(x)\nN()(1)",
        "\n".join(f"x{i} = {i}" for i in range(20000)),
    ],
    ids=range(15),
)  # fmt: skip
def test_hostile_programs_end(text: str) -> None:
    check_text(text, "t.py")


def test_torchvision_models_are_clean() -> None:
    files = sorted(MODELS.rglob("*.py"))
    assert len(files) > 40
    errors, warnings = [], []
    for path in files:
        checked = check_text(path.read_text(encoding="utf-8"), str(path))
        sound(checked)
        errors += [one for one in checked.findings if one.severity == "error"]
        warnings += [one for one in checked.findings if one.severity == "warning"]
    assert errors == []
    assert len(warnings) <= len(files) // 10


def test_checking_imports_neither_torch_nor_rich_nor_qt() -> None:
    code = (
        "import sys\nfrom cnngui.cli.check import run\n"
        f"run([{str(FIXTURES[0])!r}], None, None, (None, None), 'text',"
        "    info=False, labels=False, rules=False)\n"
        "print([name for name in ('torch', 'numpy', 'rich', 'PySide6') if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
