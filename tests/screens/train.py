"""The Train page."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QThread
from PySide6.QtTest import QTest

from cnngui.cancel import Cancel
from cnngui.engine.events import Decoding, Notice, RunStarted
from cnngui.gui import work
from cnngui.gui.job import Work
from cnngui.gui.main_window import MainWindow
from cnngui.gui.pages.train import TrainPage
from cnngui.gui.planning import Value
from tests.screens.common import CLASSES, put, state
from tests.unit.gui import fakes


def _held(events: Sequence[object]) -> Work:
    """Yields events and then waits until it is stopped: a training that is still going on."""

    def task(cancel: Cancel) -> Iterator[object]:
        yield from events
        while not cancel.stopped:
            QThread.msleep(10)

    return task


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
    window.session.earlier = work.Earlier(folder, Path("/runs/1"))
    window.session.earlier_changed.emit()
    page = window.pages["train"]
    assert isinstance(page, TrainPage)
    page.ready.fold.button.setChecked(True)


@state
def train_changed(window: MainWindow, folder: Path) -> None:
    train_ready(window, folder)
    chosen: dict[str, Value] = {
        "minutes": 10,
        "method": "best",
        "mixup": 0.2,
        "weights": "/nets/mobilenet_v2.pth",
    }
    window.session.earlier = work.Earlier(folder, finished=Path("/runs/1"), choices=chosen)
    window.session.earlier_changed.emit()


@state
def train_options(window: MainWindow, folder: Path) -> None:
    train_ready(window, folder)
    page = window.pages["train"]
    assert isinstance(page, TrainPage)
    page.ready.more.button.setChecked(True)
    page.ready.settings.model.choose("resnet_small")
    page.ready.options.show_values({"cutmix": 1.0})


_NOTES = (
    "“validation” was read as the validation split.",
    "“wasp” has 5 times as many training pictures as “ant”, so rare classes count more.",
    "Chosen for these pictures: mobilenet_v3_large, which knows photographs already.",
    "Method quick: on a processor, fine-tuning would take about 12 min; choose best for it.",
)
_NOTICE = Notice(
    "The memory does not hold a batch of 64 pictures: it is worked on in pieces of 32, which takes a little "
    "longer and learns the same."
)


def _with_notes(until: float) -> list[object]:
    """A training that has something to say."""
    events: list[object] = [
        replace(event, notes=_NOTES) if isinstance(event, RunStarted) else event
        for event in fakes.run_events(CLASSES, until=until)
    ]
    events.insert(20, _NOTICE)
    return events


@state
def train_notes(window: MainWindow, folder: Path) -> None:
    train_ready(window, folder)
    put("train", lambda *_: _held(_with_notes(6.6)))
    index = window.session.index
    assert index
    window.session.training.start(index, window.session.training.config)
    QTest.qWait(300)


@state
def train_ended_notes(window: MainWindow, folder: Path) -> None:
    train_ready(window, folder)
    put("train", fakes.fake_train(_with_notes(99.0)))
    put("earlier", lambda root: fakes.works(work.Earlier(root, finished=Path("/runs/1"))))
    index = window.session.index
    assert index
    window.session.training.start(index, window.session.training.config)
    QTest.qWait(300)
    page = window.pages["train"]
    assert isinstance(page, TrainPage)
    page.run.notes.more.setChecked(True)


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
