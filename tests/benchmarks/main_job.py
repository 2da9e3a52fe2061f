"""The main job, measured as whole processes: what a person waits for and what the machine holds.

    python tests/benchmarks/main_job.py [--data FOLDER] [--photos N]

FOLDER holds cifar10.zip and hymenoptera.zip (default: ../shared/data). Prints one row per figure.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

FIRST_PAINT = """
import sys, time
started = float(sys.argv[1])
from PySide6.QtCore import QEvent, QObject, QTimer
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.isWidgetType() and watched.isWindow():
            self.painted = True
            app.removeEventFilter(self)
            QTimer.singleShot(0, lambda: (print(time.time() - started, 'torch' in sys.modules), app.exit()))
        return False
from PySide6.QtWidgets import QApplication
from cnngui.gui import app as gui
app = QApplication.instance() or QApplication([])
watch = Watch()
app.installEventFilter(watch)
gui.main([])
"""

TO_FIRST_STEP = """
import sys, time
from pathlib import Path
from cnngui.cancel import Cancel
from cnngui.data.index import DatasetIndex, scan
from cnngui.engine.events import RunStarted, StepDone
from cnngui.engine.runs import run
from cnngui.engine.spec import TrainConfig
import cnngui.engine.train, torch._dynamo  # as in a window that stands open; the optimiser needs the second
asked = time.time()
*_, index = scan(Path(sys.argv[1]), Cancel())
print('scan', time.time() - asked)
cancel = Cancel()
for event in run(index, TrainConfig(device='cpu'), cancel):
    if isinstance(event, StepDone):
        print('first step', time.time() - asked)
        break
"""


@dataclass(frozen=True)
class Measured:
    seconds: float
    peak_mib: float
    output: str


def measure(*command: str, extra: dict[str, str] | None = None) -> Measured:
    """Run a command to its end: wall seconds, peak resident memory, standard output."""
    started = time.monotonic()
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env=os.environ | (extra or {}),
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Measured(time.monotonic() - started, usage.ru_maxrss / 1024, output)


def cnngui(*arguments: str) -> Measured:
    return measure(sys.executable, "-m", "cnngui", *arguments)


def row(what: str, value: str) -> None:
    print(f"{what:<58} {value}", flush=True)


def training(cifar: Path, model: Path) -> None:
    done = cnngui("train", str(cifar), "-o", str(model), "--json")
    result = json.loads(done.output)
    row("CIFAR-10, simple_cnn, default recipe: whole process", f"{done.seconds:.0f} s")
    row("  peak memory", f"{done.peak_mib:.0f} MiB")
    row("  first epoch with decoding", f"{result['first_epoch_seconds']:.1f} s")
    row("  later epochs", f"{result['train_images_per_second']:,.0f} images/s")
    row("  training", f"{result['epochs']} epochs in {result['seconds']:.0f} s")
    judged = json.loads(cnngui("evaluate", str(model), str(cifar), "--format", "json").output)
    low, high = judged["accuracy_interval"]
    row(
        "  accuracy on the test set",
        f"{judged['accuracy']:.2%} ({low:.2%} to {high:.2%}, {judged['images']:,})",
    )
    row("  calibration error", f"{judged['calibration_error']:.2%}")
    again = measure(sys.executable, "-c", TO_FIRST_STEP, str(cifar))
    for line in again.output.splitlines():
        what, seconds = line.rsplit(" ", 1)
        row(f"  second run, from being asked in an open program: {what}", f"{float(seconds):.2f} s")


def classifying(photos: Sequence[Path], folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:05}.jpg").symlink_to(photos[number % len(photos)])
    model = ROOT / "resources" / "models" / "starter.safetensors"
    done = cnngui("classify", str(model), str(folder), "--format", "jsonl")
    row(f"classify {len(done.output.splitlines()):,} photographs: whole process", f"{done.seconds:.1f} s")
    row("  peak memory", f"{done.peak_mib:.0f} MiB")


def first_paint() -> None:
    times = []
    for _ in range(5):
        command = (sys.executable, "-c", FIRST_PAINT, str(time.time()))
        painted, torch = measure(*command, extra={"QT_QPA_PLATFORM": "offscreen"}).output.split()
        if torch == "True":
            raise SystemExit("torch was loaded before the first paint")
        times.append(float(painted))
    times.sort()
    row(
        "first painted window, from the process's start (of 5)",
        f"{times[2]:.2f} s ({times[0]:.2f} to {times[4]:.2f})",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--photos", type=int, default=1000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        temporary = Path(name)
        os.environ["CNNGUI_HOME"] = str(temporary / "home")
        for archive in ("cifar10", "hymenoptera"):
            with zipfile.ZipFile(given.data / f"{archive}.zip") as file:
                file.extractall(temporary)
        first_paint()
        photos = sorted((temporary / "hymenoptera").rglob("*.jpg"))
        classifying(photos, temporary / "photos", given.photos)
        training(temporary / "cifar10", temporary / "model.safetensors")


if __name__ == "__main__":
    main()
