import subprocess
import sys

import pytest

_CODE = """
import gc, sys
from pathlib import Path
from cnngui.engine.loading import loading
def opened():
    return "libtorch_cpu.so" in Path("/proc/self/maps").read_text()
print(opened())
with loading():
    print(opened(), "torch" in sys.modules, gc.isenabled())
    import torch
left = gc.get_freeze_count()
with loading():
    import torch
print(gc.isenabled(), float(torch.ones(2).sum()), left > 10_000, gc.get_freeze_count() == left)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process has opened")
def test_the_libraries_are_open_before_torch_is_imported() -> None:
    ran = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True, check=False)
    assert ran.stdout == "False\nTrue False False\nTrue 2.0 True True\n", ran.stderr
