"""Render every state of every page to PNG files, for people to look at: python -m tests.screens OUTDIR [NAME]

Each state is drawn in both schemes at the smallest and at a large size. The engine is not needed: pages are
fed by hand. NAME: only the states whose name holds it.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["CNNGUI_HOME"] = tempfile.mkdtemp()

from PySide6.QtCore import QMimeData, QThread, QUrl
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cnngui.cancel import Cancel
from cnngui.checker.checks import Progress
from cnngui.checker.finding import Finding, Severity
from cnngui.checker.rule import Kind
from cnngui.checker.rules import listed
from cnngui.checker.runner import Checked
from cnngui.data.index import Unreadable
from cnngui.engine.events import Decoding
from cnngui.gui import app as program
from cnngui.gui import drops, job, style, theme, work
from cnngui.gui.job import Work
from cnngui.gui.main_window import MainWindow
from cnngui.gui.pages.classify import ClassifyPage
from cnngui.gui.pages.images import ImagesPage
from cnngui.gui.pages.pitfalls import PitfallsPage
from cnngui.gui.pages.train import TrainPage
from cnngui.gui.session import Session
from tests.unit.gui import fakes

SIZES = ((1024, 700), (1600, 1000))
CLASSES = ("ant", "bee", "beetle", "butterfly", "dragonfly", "moth", "wasp")
_BAD = (
    Unreadable(
        "moth/IMG_2204.jpg",
        "This file is cut short: its lower half is missing. Copy it anew from its source.",
    ),
    Unreadable("wasp/notes.jpg", "This is a text file with the name of a picture."),
)
_IGNORED = (
    Unreadable("Thumbs.db", "A hidden file of the system."),
    Unreadable("list.docx", "Not a picture."),
)
_NOTES = ("“validation” was read as the validation split.", "4 pictures are there twice.")


def put(name: str, fake: object) -> None:
    """Put a fake in the place of a function of `cnngui.gui.work`."""
    setattr(work, name, fake)


State = Callable[[MainWindow, Path], None]
STATES: dict[str, State] = {}


def state(function: State) -> State:
    STATES[function.__name__] = function
    return function


@state
def images_empty(window: MainWindow, folder: Path) -> None:
    window.show_page("images")


@state
def images_scanning(window: MainWindow, folder: Path) -> None:
    scanning = window.session.scanning
    scanning.start(folder)
    scanning.files, scanning.folder = 12_345, "butterfly/summer/raw"
    scanning.changed.emit()


@state
def images_full(window: MainWindow, folder: Path) -> None:
    window.session.set_index(fakes.index_of(folder, _BAD, _IGNORED, _NOTES))
    window.show_page("images")


@state
def images_crop(window: MainWindow, folder: Path) -> None:
    images_full(window, folder)
    page = window.pages["images"]
    assert isinstance(page, ImagesPage)
    page.full.classes.choose(4)
    page.full.frames.setChecked(True)


@state
def images_unreadable(window: MainWindow, folder: Path) -> None:
    images_full(window, folder)
    page = window.pages["images"]
    assert isinstance(page, ImagesPage)
    rows = page.full.classes.rows()
    page.full.classes.choose(next(n for n, row in enumerate(rows) if row.kind == "unreadable"))


@state
def images_viewer(window: MainWindow, folder: Path) -> None:
    images_full(window, folder)
    page = window.pages["images"]
    assert isinstance(page, ImagesPage)
    page.full.frames.setChecked(True)
    page.full.grid.opened.emit(3)


@state
def train_empty(window: MainWindow, folder: Path) -> None:
    window.show_page("train")


@state
def train_ready(window: MainWindow, folder: Path) -> None:
    window.session.set_index(fakes.index_of(folder))
    window.show_page("train")


@state
def train_settings(window: MainWindow, folder: Path) -> None:
    train_ready(window, folder)
    window.session.unfinished = True
    window.session.unfinished_changed.emit()
    page = window.pages["train"]
    assert isinstance(page, TrainPage)
    page.ready.fold.button.setChecked(True)


@state
def train_preparing(window: MainWindow, folder: Path) -> None:
    put("train", lambda *_: _held(fakes.run_events(CLASSES)[:1]))
    train_ready(window, folder)
    index = window.session.index
    assert index
    window.session.training.start(index, window.session.training.config)
    QTest.qWait(100)
    decoding = Decoding(86, 245, 3.2)
    window.session.training.decoding = decoding


def _held(events: Sequence[object]) -> Work:
    """Yields events and then waits until it is stopped: a training that is still going on."""

    def task(cancel: Cancel) -> Iterator[object]:
        yield from events
        while not cancel.stopped:
            QThread.msleep(10)

    return task


@state
def train_running(window: MainWindow, folder: Path) -> None:
    train_ready(window, folder)
    put("train", lambda *_: _held(fakes.run_events(CLASSES, until=6.6)))
    index = window.session.index
    assert index
    window.session.training.start(index, window.session.training.config)
    QTest.qWait(300)


@state
def train_ended(window: MainWindow, folder: Path) -> None:
    train_ready(window, folder)
    put("train", fakes.fake_train(fakes.run_events(CLASSES)))
    index = window.session.index
    assert index
    window.session.training.start(index, window.session.training.config)
    QTest.qWait(300)


@state
def train_failed(window: MainWindow, folder: Path) -> None:
    train_ready(window, folder)

    words = "Only one class in the folder has readable pictures to train on. At least two are needed."
    put("train", lambda *_: fakes.refuses(words))
    index = window.session.index
    assert index
    window.session.training.start(index, window.session.training.config)
    QTest.qWait(200)


@state
def classify_no_model(window: MainWindow, folder: Path) -> None:
    window.session.model = None
    window.session.model_changed.emit()
    window.show_page("classify")


@state
def classify_empty(window: MainWindow, folder: Path) -> None:
    window.show_page("classify")


def _ask(window: MainWindow, folder: Path, number: int) -> ClassifyPage:
    put("classify", fakes.answers(CLASSES))
    paths = sorted(folder.glob("*/*.jpg"))[3 : 3 + number]
    if number > 6:
        paths[5] = folder / "wasp" / "broken download 2024-05-03 copy.jpg"
    window.session.classify(paths)
    page = window.pages["classify"]
    assert isinstance(page, ClassifyPage)
    return page


@state
def classify_one(window: MainWindow, folder: Path) -> None:
    _ask(window, folder, 1)


@state
def classify_cards(window: MainWindow, folder: Path) -> None:
    _ask(window, folder, 17)


@state
def classify_not_sure(window: MainWindow, folder: Path) -> None:
    page = _ask(window, folder, 17)
    QTest.qWait(200)
    page.answers.open_row(2)


@state
def classify_table(window: MainWindow, folder: Path) -> None:
    page = _ask(window, folder, 70)
    QTest.qWait(200)
    page.answers.views.choose(1)


_CODE = """import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc = nn.Linear(32 * 8 * 8, 10)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = torch.max_pool2d(torch.relu(self.conv2(x)), 2)
        return torch.softmax(self.fc(x.flatten(1)), dim=1)

net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)

def train(loader):
    for pictures, labels in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(pictures), labels)
        loss.backward()
        optimizer.step()
"""
_FOUND = (
    fakes.finding("duplicate-across-splits", Severity.ERROR, part="moth/IMG_2204 copy of a copy.jpg"),
    fakes.finding("class-imbalance", part="wasp"),
    fakes.finding("label-leak-in-border-or-size"),
    fakes.finding("mixed-sizes", Severity.INFO),
)


def _judges(*findings: Finding) -> Callable[..., Work]:
    """In the place of work.check; the rules' pages are the real ones."""
    pages = {rule.name: rule.page for rule in listed(Kind)}
    return lambda target, *_: fakes.works(work.Judged(Checked(target.path, findings), pages))


def _pitfalls(window: MainWindow, code: str) -> PitfallsPage:
    window.show_page("pitfalls")
    page = window.pages["pitfalls"]
    assert isinstance(page, PitfallsPage)
    page.code.setPlainText(code)
    page.check_code()
    while page.checking.busy:
        QTest.qWait(20)
    return page


@state
def pitfalls_empty(window: MainWindow, folder: Path) -> None:
    window.show_page("pitfalls")


@state
def pitfalls_code(window: MainWindow, folder: Path) -> None:
    page = _pitfalls(window, _CODE)
    page.found.list.cards[0].fold.button.setChecked(True)


@state
def pitfalls_none(window: MainWindow, folder: Path) -> None:
    _pitfalls(window, _CODE.replace("torch.softmax(self.fc(x.flatten(1)), dim=1)", "self.fc(x.flatten(1))"))


@state
def pitfalls_unfollowed(window: MainWindow, folder: Path) -> None:
    _pitfalls(window, "from mine import backbone\n\nnet = backbone(10)\nprint(net)\n")


@state
def pitfalls_folder(window: MainWindow, folder: Path) -> None:
    put("check", _judges(*_FOUND))
    window.show_page("pitfalls")
    window.session.checking.check_folder(folder)


@state
def pitfalls_network(window: MainWindow, folder: Path) -> None:
    put("check", _judges(fakes.finding("nan-weights", Severity.ERROR, part="features.conv_2.weight")))
    window.show_page("pitfalls")
    window.session.checking.open(folder / "net.safetensors")


@state
def pitfalls_busy(window: MainWindow, folder: Path) -> None:
    def check(_target: object, _size: object, tell: Progress) -> Work:
        tell(12_345, 60_000, "Looking for near duplicates")
        return fakes.endless()

    put("check", check)
    window.show_page("pitfalls")
    window.session.checking.check_folder(folder)


@state
def images_checking(window: MainWindow, folder: Path) -> None:
    def check(_target: object, _size: object, tell: Progress) -> Work:
        tell(12_345, 60_000, "Looking at the pictures")
        return fakes.endless()

    put("check", check)
    images_full(window, folder)
    QTest.qWait(200)


@state
def images_pitfalls(window: MainWindow, folder: Path) -> None:
    put("check", _judges(*_FOUND))
    images_full(window, folder)
    QTest.qWait(200)
    page = window.pages["images"]
    assert isinstance(page, ImagesPage)
    rows = page.full.classes.rows()
    page.full.classes.choose(next(n for n, row in enumerate(rows) if row.kind == "pitfalls"))


@state
def train_pitfalls(window: MainWindow, folder: Path) -> None:
    train_ready(window, folder)
    warned = [
        work.Warned(one, "") for one in (fakes.finding("overfitting"), fakes.finding("val-set-too-small"))
    ]
    put("train", lambda *_: _held([*fakes.run_events(CLASSES, until=6.6), *warned]))
    index = window.session.index
    assert index
    window.session.training.start(index, window.session.training.config)
    QTest.qWait(300)


@state
def train_ended_pitfalls(window: MainWindow, folder: Path) -> None:
    train_ready(window, folder)
    warned = work.Warned(fakes.finding("overfitting"), "")
    put("train", fakes.fake_train([*fakes.run_events(CLASSES), warned]))
    index = window.session.index
    assert index
    window.session.training.start(index, window.session.training.config)
    QTest.qWait(300)


@state
def message(window: MainWindow, folder: Path) -> None:
    images_full(window, folder)
    window.session.say("“report.docx” is not a picture, a folder or a model file (.safetensors).", "warn")


@state
def dragging(window: MainWindow, folder: Path) -> None:
    images_full(window, folder)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in sorted(folder.glob("ant/*.jpg"))[:3]])
    window.overlay.show_for(drops.preview(mime))


@state
def focus(window: MainWindow, folder: Path) -> None:
    images_full(window, folder)
    page = window.pages["images"]
    assert isinstance(page, ImagesPage)
    page.full.train.setFocus()


@state
def menu(window: MainWindow, folder: Path) -> None:
    images_full(window, folder)
    window.rail.menu_button.setDown(True)
    window.menu.popup(window.rail.menu_button.mapToGlobal(window.rail.menu_button.rect().bottomLeft()))


def shot(name: str, make: State, folder: Path, size: tuple[int, int], palette: theme.Palette) -> QPixmap:
    """One state, as it is painted."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    style.use(application, palette)
    put("unfinished", lambda root: fakes.works())
    put("open_model", lambda path, origin: fakes.works(fakes.opened(path, origin, CLASSES)))
    put("plan", fakes.plan)
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
