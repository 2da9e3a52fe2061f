"""The first window comes at once: nothing heavy is loaded before it is painted."""

import os
import subprocess
import sys
from pathlib import Path

from cnngui.gui import work
from tests.pictures import make_pictures

CODE = """
import sys
from PySide6.QtWidgets import QApplication
from cnngui.gui import app, job
from cnngui.gui.main_window import MainWindow
from cnngui.gui.session import Session

application = QApplication([])
app.describe(application)
window = MainWindow(Session())
window.show()
while not window.windowHandle().isExposed():
    application.processEvents()
for key in window.pages:
    window.show_page(key)
window.grab()
heavy = {"torch", "torchvision", "numpy", "pyqtgraph", "PIL.Image", "cnngui.engine.train"} & set(sys.modules)
assert not heavy, heavy
assert not job.alive()
print("nothing heavy")
"""


def _run(code: list[str], home: Path) -> str:
    """What code prints in a process of its own."""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "CNNGUI_HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", *code], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_first_window_loads_nothing_heavy(tmp_path: Path) -> None:
    assert _run([CODE], tmp_path) == "nothing heavy"


WARM_UP = """
import sys
from cnngui.cancel import Cancel
from cnngui.gui import planning, work

cancel = Cancel()
steps = work.warm_up()(cancel)
assert isinstance(next(steps), planning.Ready)
assert not set(work.TRAINING_MODULES) & set(sys.modules), "the window waits for them"
if sys.argv[1] == "stopped":
    cancel.stop()
assert not list(steps)
print(*(name for name in work.TRAINING_MODULES if name in sys.modules))
"""


def _warmed_up(how: str, home: Path) -> list[str]:
    """The modules of a training that a warm-up leaves loaded, in a process of its own."""
    return _run([WARM_UP, how], home).split()


def test_the_warm_up_loads_what_a_training_needs_once_the_window_is_ready(tmp_path: Path) -> None:
    assert _warmed_up("whole", tmp_path) == list(work.TRAINING_MODULES)


def test_a_warm_up_that_is_stopped_loads_no_more(tmp_path: Path) -> None:
    assert _warmed_up("stopped", tmp_path) == []


TRAINING = """
import sys
from pathlib import Path
from cnngui.cancel import Cancel
from cnngui.data.index import DatasetIndex
from cnngui.engine.events import StepDone
from cnngui.engine.spec import TrainConfig
from cnngui.gui import work

list(work.warm_up()(Cancel()))
(index,) = (item for item in work.scan(Path(sys.argv[1]))(Cancel()) if isinstance(item, DatasetIndex))
before = set(sys.modules)
for event in work.train(index, TrainConfig(epochs=1), False)(Cancel()):
    if isinstance(event, StepDone):
        break
print(*sorted({name for name in set(sys.modules) - before if name.startswith("torch")}))
"""


def test_the_first_step_loads_nothing_more_of_torch(tmp_path: Path) -> None:
    pictures = make_pictures(tmp_path / "colours")
    late = _run([TRAINING, str(pictures)], tmp_path).split()
    assert len(late) < 20, late  # a few small ones are loaded where they are used
