"""Render every state of every page to PNG files, for people to look at: python -m tests.screens OUTDIR [NAME]

Each state is drawn in both schemes, in the smallest window, on a small screen and at a large size. The engine
is not needed: pages are fed by hand. NAME: only the states whose name holds it.
"""

import os
import sys
import tempfile
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["CNNGUI_HOME"] = tempfile.mkdtemp()

from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cnngui.gui import app as program
from cnngui.gui import job, planning, style, theme
from cnngui.gui.main_window import MainWindow
from cnngui.gui.session import Session
from tests.screens import around, classify, images, pitfalls, train  # noqa: F401 -- each lists its states
from tests.screens.common import CLASSES, STATES, State, put
from tests.unit.gui import fakes

SIZES = ((900, 560), (1024, 700), (1600, 1000))


def shot(name: str, make: State, folder: Path, size: tuple[int, int], palette: theme.Palette) -> QPixmap:
    """One state, as it is painted."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    style.use(application, palette)
    put("earlier", lambda root: fakes.works())
    put("open_model", lambda path, origin: fakes.works(fakes.opened(path, origin, CLASSES)))
    put("plan", fakes.plan, planning)
    put("check", lambda *_: fakes.works())
    session = Session()
    session.ready = fakes.ready()
    session.model = fakes.opened(folder / "starter.safetensors", "starter", CLASSES)
    session.classifying.use(session.model)
    window = MainWindow(session)
    session.ready_changed.emit()
    session.model_changed.emit()
    window.resize(*size)
    window.show()
    QTest.qWait(20)
    make(window, folder)
    for _ in range(200):  # until the thumbnails are there
        QTest.qWait(20)
        if not any(item for item in job.alive() if session.training.busy is False):
            break
        if session.training.busy and len(job.alive()) == 1:
            break
    QTest.qWait(120)
    picture = window.grab()
    if name == "menu":
        picture = window.menu.grab()
    session.training.stop()
    job.wait_for_all()
    QTest.qWait(20)
    window.overlay.hide()
    window.close()
    window.deleteLater()
    QTest.qWait(1)
    return picture


def main(out: Path, wanted: str = "") -> None:
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    program.describe(application)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "insects of the meadow"
        for number, name in enumerate(CLASSES):
            for k in range(8 + number * 9 % 24):
                fakes.picture(folder / name / f"IMG_{number}{k:03}.jpg", number * 31 + k * 7, _size(k))
        for name, make in STATES.items():
            if wanted not in name:
                continue
            for size in SIZES:
                for palette in (theme.LIGHT, theme.DARK):
                    file = out / f"{name}-{size[0]}-{palette.name}.png"
                    shot(name, make, folder, size, palette).save(str(file))
                    print(file)


def _size(number: int) -> tuple[int, int]:
    return ((640, 480), (480, 640), (800, 450), (500, 500))[number % 4]


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
