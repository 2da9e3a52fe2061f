"""The Classify page."""

from pathlib import Path

from PySide6.QtTest import QTest

from cnngui.gui.main_window import MainWindow
from cnngui.gui.pages.classify import ClassifyPage
from tests.screens.common import CLASSES, put, state
from tests.unit.gui import fakes


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
def classify_no_model(window: MainWindow, folder: Path) -> None:
    window.session.model = None
    window.session.model_changed.emit()
    window.show_page("classify")


@state
def classify_empty(window: MainWindow, folder: Path) -> None:
    window.show_page("classify")


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
