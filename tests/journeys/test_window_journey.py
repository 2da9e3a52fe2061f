"""From a dropped folder to an answer about a dropped picture, in the real window with the real engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from cnngui.data.index import DatasetIndex
from cnngui.engine.results import Prediction
from cnngui.gui import job, style, text
from cnngui.gui.main_window import MainWindow
from cnngui.gui.pages.train import TrainPage
from cnngui.gui.session import Session
from cnngui.gui.training import Phase
from tests.pictures import make_pictures
from tests.unit.gui.events import Windows, drop, mime_of


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    style.follow(qapp)
    seen = Windows(qapp)
    window = MainWindow(Session())
    window.show()
    yield window
    qapp.removeEventFilter(seen)
    job.stop_all()
    qtbot.waitUntil(lambda: not job.alive())
    window.hide()
    window.deleteLater()
    assert seen.shown == [window]  # no part of it flashed up by itself


def test_drop_a_folder_press_train_drop_a_picture(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    session = window.session
    pictures = make_pictures(tmp_path / "colours")
    drop(window, mime_of([pictures]))
    qtbot.waitUntil(lambda: isinstance(session.index, DatasetIndex))
    assert session.index is not None
    assert session.index.classes == ("blue", "green", "red")

    page = window.pages["train"]
    assert isinstance(page, TrainPage)
    QTest.mouseClick(window.buttons["train"], Qt.MouseButton.LeftButton)
    page.ready.settings.epochs.setValue(12)
    page.ready.settings.batch.setValue(8)
    QTest.mouseClick(page.ready.button, Qt.MouseButton.LeftButton)
    assert session.training.busy

    grown: list[int] = []

    def curves_have_grown() -> bool:
        points = sum(page.run.loss.points())
        if not grown or points > grown[-1]:
            grown.append(points)
        return len(grown) >= 3

    qtbot.waitUntil(curves_have_grown)
    qtbot.waitUntil(lambda: session.training.phase is Phase.ENDED)
    result = session.training.result
    assert result is not None
    assert result.val_accuracy is not None
    assert result.val_accuracy > 0.8
    qtbot.waitUntil(lambda: session.model is not None)

    new = make_pictures(tmp_path / "new", per_class=1, seed=5) / "red" / "00.png"
    drop(window, mime_of([new]))
    qtbot.waitUntil(lambda: len(session.classifying.rows) == 1 and not session.classifying.busy)
    (answer,) = session.classifying.rows
    assert isinstance(answer, Prediction)
    assert answer.label == "red"
    classify = window.pages["classify"]
    assert window.stack.currentWidget() is classify
    shown = [label.text() for label in classify.findChildren(QLabel) if label.isVisible()]
    assert "red" in shown
    assert any(text.percent(answer.probability) in words for words in shown), shown
