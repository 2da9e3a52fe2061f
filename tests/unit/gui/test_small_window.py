"""The smallest window: nothing that a person needs is cut off."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from cnngui.checker.finding import Severity
from cnngui.checker.runner import Checked
from cnngui.gui import theme, work
from cnngui.gui.main_window import MainWindow
from cnngui.gui.pages.classify import ClassifyPage
from cnngui.gui.pages.images import ImagesPage
from cnngui.gui.pages.pitfalls import PitfallsPage
from cnngui.gui.pages.train import TrainPage
from cnngui.gui.widgets.answers import LABEL, PROBABILITY, SECOND
from cnngui.gui.widgets.basic import ElidedLabel
from tests.unit.gui import fakes

FOLDER = "insects of the meadow"


@pytest.fixture
def small(window: MainWindow, tmp_path: Path, settle: Callable[[], None]) -> MainWindow:
    """The smallest window, with a folder and the starter network open."""
    window.resize(window.minimumSize())
    window.session.model = fakes.opened(Path("starter.safetensors"), "starter")
    window.session.classifying.use(window.session.model)
    window.session.model_changed.emit()
    window.session.set_index(fakes.index_of(fakes.folder(tmp_path / FOLDER)))
    settle()
    return window


def cut_off(window: MainWindow) -> list[str]:
    """The words that are seen in part, apart from the path of the open folder, which may be of any length."""
    QTest.qWait(1)  # the layouts
    everything: list[QLabel | QPushButton] = [
        *window.findChildren(QLabel),
        *window.findChildren(QPushButton),
    ]
    seen = [one for one in everything if one.isVisible()]
    cut = [
        one.whole()
        for one in seen
        if isinstance(one, ElidedLabel) and "…" in one.text().removesuffix("…" * one.whole().endswith("…"))
    ]
    for one in seen:
        wraps = isinstance(one, QLabel) and one.wordWrap()
        needed = one.heightForWidth(one.width()) if wraps else one.sizeHint().width()
        if not isinstance(one, ElidedLabel) and needed > (one.height() if wraps else one.width()):
            cut.append(one.text())
    return [words for words in cut if str(window.session.index and window.session.index.root) not in words]


def test_the_pictures(small: MainWindow, qtbot: QtBot) -> None:
    page = small.pages["images"]
    assert isinstance(page, ImagesPage)
    small.show_page("images")
    assert cut_off(small) == []
    assert page.full.what.text() == "All pictures\n8 pictures"
    assert page.full.header.title.text() == FOLDER
    page.full.grid.opened.emit(3)
    assert cut_off(small) == []
    assert page.full.viewer.name.text() == "ants/ants 003.jpg"


def test_the_answers(small: MainWindow, tmp_path: Path, settle: Callable[[], None]) -> None:
    page = small.pages["classify"]
    assert isinstance(page, ClassifyPage)
    small.session.classify([*sorted(tmp_path.glob("*/ants/*")), tmp_path / "broken IMG_1.jpg"])
    settle()
    assert cut_off(small) == []
    assert page.answers.header.below.text() == "Answered by the starter network · 2 classes"
    assert page.answers.tally.text().split("\n") == ["5 pictures", "1 not sure", "1 not readable"]
    page.answers.open_row(1)
    assert cut_off(small) == []


def test_the_table_of_answers_has_room_for_its_words(small: MainWindow, settle: Callable[[], None]) -> None:
    page = small.pages["classify"]
    assert isinstance(page, ClassifyPage)
    page.answers.views.choose(1)
    small.show_page("classify")
    small.session.classify([Path("IMG_2204.jpg"), Path("IMG_2205.jpg")])
    settle()
    table = page.answers.table
    for column, words in ((LABEL, "dragonfly"), (SECOND, "butterfly · 19 %"), (PROBABILITY, "97.0 %")):
        face = theme.font(theme.BODY, theme.SEMIBOLD if column == LABEL else theme.REGULAR)
        assert theme.lines(words, face, table.columnWidth(column) - 2 * theme.GRID, 3) == (words,)


def test_the_pitfalls(small: MainWindow, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]) -> None:
    page = small.pages["pitfalls"]
    assert isinstance(page, PitfallsPage)
    small.show_page("pitfalls")
    assert cut_off(small) == []
    page.code.setPlainText("from mine import backbone\nnet = backbone(10)\n")
    page.check_code()
    settle()
    assert cut_off(small) == []
    assert page.found.note.title.text() == "Nothing found in what could be read"
    found = (
        fakes.finding("duplicate-across-splits", Severity.ERROR, part="moth/IMG_2204 copy of a copy.jpg"),
        fakes.finding("label-leak-in-border-or-size"),
        fakes.finding("mixed-sizes", Severity.INFO),
    )
    judged = work.Judged(Checked("/x", found), {})
    fake_work.setattr(work, "check", lambda *_: fakes.works(judged))
    small.session.checking.check_folder(Path(FOLDER))
    settle()
    assert cut_off(small) == []
    assert page.found.tally.text().replace("\n", " ") == f"1 error · 1 warning {FOLDER}"


def test_the_training_and_its_pitfalls(
    small: MainWindow, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    warned = work.Warned(fakes.finding("val-set-too-small"), "")
    fake_work.setattr(work, "train", fakes.fake_train([*fakes.run_events(), warned]))
    page = small.pages["train"]
    assert isinstance(page, TrainPage)
    small.show_page("train")
    assert cut_off(small) == []
    page.ready.fold.button.click()
    for choice in page.ready.settings.findChildren(QComboBox):
        widest = max(
            choice.fontMetrics().horizontalAdvance(choice.itemText(n)) for n in range(choice.count())
        )
        assert widest + 48 <= choice.width()  # the padding of the style sheet, and the arrow
    small.session.training.start(fakes.index_of(Path(small.session.index.root)), page.ready.config())  # type: ignore[union-attr]
    settle()
    assert cut_off(small) == []
