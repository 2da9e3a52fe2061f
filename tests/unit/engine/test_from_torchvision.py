"""torchvision's networks without PyTorch's compiler: it is not loaded, and whoever wants it gets it whole."""

import subprocess
import sys

import pytest

_BUILT = "import sys; from cnngui.engine.models import registry; registry.build('mobilenet_v3_small', 2)"
_LOADED = "print(*(name in sys.modules for name in ('torchvision', 'torch._dynamo', 'sympy')))"
_STANDING_IN = """
import sys, torch
from cnngui.engine import from_torchvision
for name in from_torchvision._COMPILER:
    sys.modules[name] = from_torchvision._StandIn(name)
"""


# What torchvision keeps of the stand-in answers as the compiler does.
_KEPT = f"""{_BUILT}
from torchvision.ops import roi_align
from torch._dynamo import utils
kept = sys.modules["torchvision.ops.roi_align"].is_compile_supported
print(kept("cpu") == utils.is_compile_supported("cpu"), hasattr(utils, "counters"))
"""
# An optimiser loads the compiler by itself.
_OPTIMISER = f"""{_BUILT}
import torch
one = torch.nn.Parameter(torch.ones(1))
torch.optim.AdamW([one]).zero_grad()
print("torch._dynamo" in sys.modules, torch._dynamo.__file__ is None)
"""
_LOADED_BEFORE = f"import torch._dynamo; real = torch._dynamo\n{_BUILT}; print(torch._dynamo is real)"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (f"{_BUILT}\n{_LOADED}", "True False False"),
        (_KEPT, "True True"),
        (_OPTIMISER, "True False"),
        (_LOADED_BEFORE, "True"),
        # Another thread asks while torchvision is being imported.
        (
            f"{_STANDING_IN}from torch._dynamo import disable; print(disable.__module__)",
            "torch._dynamo.decorators",
        ),
        (f"{_STANDING_IN}import torch._dynamo.utils; print(torch._dynamo.utils.__file__ is None)", "False"),
    ],
    ids=[
        "not-loaded",
        "the-function",
        "an-optimiser",
        "loaded-before",
        "asked-meanwhile",
        "imported-meanwhile",
    ],
)
def test_the_compiler_stays_out_until_it_is_asked_for(code: str, expected: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == expected
