"""The first window comes at once: nothing heavy is loaded before it is painted."""

import os
import subprocess
import sys
from pathlib import Path

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


def test_the_first_window_loads_nothing_heavy(tmp_path: Path) -> None:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "CNNGUI_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", CODE], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "nothing heavy"
