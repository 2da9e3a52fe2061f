"""Classify: no network, no pictures, one answer, many."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from cnngui.gui import theme, work
from cnngui.gui.main_window import MainWindow
from cnngui.gui.pages.classify import MANY, ClassifyPage
from cnngui.gui.widgets import paint
from cnngui.gui.widgets.answer_cards import reason_height
from cnngui.gui.widgets.answers import PROBABILITY, SURE
from tests.unit.gui import fakes


@pytest.fixture
def page(window: MainWindow, settle: Callable[[], None]) -> ClassifyPage:
    page = window.pages["classify"]
    assert isinstance(page, ClassifyPage)
    window.session.open_model(Path("bees.safetensors"))
    window.show_page("classify")
    settle()
    return page


@pytest.fixture
def pictures(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.jpg"))


def ask(page: ClassifyPage, pictures: list[Path], settle: Callable[[], None]) -> None:
    page.session.classify(pictures)
    settle()


def test_without_a_network_the_page_says_what_to_do_first(window: MainWindow) -> None:
    page = window.pages["classify"]
    assert isinstance(page, ClassifyPage)
    window.show_page("classify")
    assert page.open_model.isVisible()
    page.train_one.click()
    assert window.stack.currentWidget() is window.pages["train"]


def test_an_empty_page_names_what_the_network_knows(
    page: ClassifyPage, pictures: list[Path], monkeypatch: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    assert page.empty.sentence.text() == "This network knows ants and bees."
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(pictures[0])], ""))
    page.open_pictures.click()
    settle()
    assert len(page.session.classifying.rows) == 1


def test_one_picture_is_answered_large(
    page: ClassifyPage, pictures: list[Path], settle: Callable[[], None]
) -> None:
    ask(page, pictures[:1], settle)
    one = page.answers.one
    assert one.isVisible()
    assert one.headline.text() == "ants"
    assert one.sentence.text() == "The network is 97 % sure."
    assert [guess.label for guess in one.bars.top()] == ["ants", "bees"]
    assert one.bars.accessibleName() == "ants 97 %, bees 3 %"
    assert page.answers.header.below.whole() == "Answered by bees · 2 classes"


def test_not_sure_is_said_plainly(
    page: ClassifyPage, pictures: list[Path], settle: Callable[[], None]
) -> None:
    ask(page, pictures, settle)
    page.answers.open_row(2)
    one = page.answers.one
    assert one.headline.text() == "Not sure"
    assert (
        one.sentence.text() == "Perhaps ants, but 52 % is less than the 65 % this network needs to be sure."
    )
    page.answers.back.click()
    assert page.answers.cards.isVisible()


def test_a_picture_of_nothing_it_knows_is_named_so(
    page: ClassifyPage, pictures: list[Path], settle: Callable[[], None]
) -> None:
    strange = pictures[0].with_name("strange.jpg")
    ask(page, [strange], settle)
    one = page.answers.one
    assert one.headline.text() == "Not sure"
    assert (
        one.sentence.text() == "Perhaps ants, but the picture is unlike anything this network was trained on."
    )
    assert "unlike anything it was trained on" in one.accessibleName()


def test_cards_and_table_paint_why_they_are_not_sure(
    page: ClassifyPage,
    window: MainWindow,
    pictures: list[Path],
    fake_work: pytest.MonkeyPatch,
    settle: Callable[[], None],
) -> None:
    known = [fakes.prediction(path, ("ants", "bees"), 2) for path in pictures[:2]]  # neither is sure
    window.resize(window.minimumSize())

    def painted(familiar: bool) -> list[QImage]:
        both = [replace(answer, familiar=familiar) for answer in known]
        fake_work.setattr(work, "classify", lambda *_: fakes.works(*both))
        page.session.classifying.clear()
        ask(page, pictures[:2], settle)
        images = []
        for number, view in enumerate((page.answers.cards, page.answers.table)):
            page.answers.views.choose(number)
            view.grab()  # asks for the thumbnails
            settle()
            images.append(view.grab().toImage())
        return images

    plain, reasoned = painted(familiar=True), painted(familiar=False)
    assert all(one != other for one, other in zip(plain, reasoned, strict=True))
    assert reasoned == painted(familiar=False)  # nothing else made them differ


def test_the_reason_has_room_in_the_smallest_window(
    page: ClassifyPage, window: MainWindow, pictures: list[Path], settle: Callable[[], None]
) -> None:
    window.resize(window.minimumSize())
    page.answers.views.choose(1)
    ask(page, pictures[:2], settle)
    answer = replace(fakes.prediction(pictures[0], ("ants",), 0), familiar=False)
    narrowest = min(page.answers.cards.cell(room).width() for room in range(360, 1600))
    card = narrowest - 4 * theme.GAP - 144  # without its margins and its picture
    assert reason_height(answer, card) <= paint.BAR_ROW
    table = page.answers.table
    assert 26 + reason_height(answer, table.columnWidth(SURE) - 2 * theme.GRID) <= table.rowHeight(0)
    assert reason_height(replace(answer, familiar=True), card) == 0  # “Not sure” alone is in the row's middle


def test_several_are_cards_and_their_number_is_told(
    page: ClassifyPage, pictures: list[Path], settle: Callable[[], None]
) -> None:
    broken = pictures[0].with_name("broken.jpg")
    ask(page, [*pictures[:3], broken], settle)
    assert page.answers.cards.isVisible()
    words = page.answers.tally.whole()
    assert words == "4 pictures · 1 not sure · 1 not readable"
    page.answers.open_row(3)
    assert page.answers.one.headline.text() == "Cannot be read"
    assert page.answers.one.sentence.text() == "This file is cut short: its lower half is missing."


def test_a_card_opens_with_the_keyboard(
    page: ClassifyPage, pictures: list[Path], settle: Callable[[], None]
) -> None:
    ask(page, pictures, settle)
    cards = page.answers.cards
    cards.setFocus()
    cards.setCurrentIndex(cards.model().index(1, 0))
    QTest.keyClick(cards, Qt.Key.Key_Return)
    assert page.answers.one.isVisible()
    QTest.keyClick(page.answers.one, Qt.Key.Key_Escape)
    assert cards.isVisible()


def test_many_are_a_table_unless_the_person_chose(page: ClassifyPage, settle: Callable[[], None]) -> None:
    ask(page, [Path(f"{number}.jpg") for number in range(MANY + 1)], settle)
    assert page.answers.table.isVisible()
    page.answers.views.choose(0)
    assert page.answers.cards.isVisible()
    ask(page, [Path("one more.jpg")], settle)
    assert page.answers.cards.isVisible()


def test_what_is_dropped_on_earlier_answers_comes_into_sight(
    page: ClassifyPage, settle: Callable[[], None]
) -> None:
    ask(page, [Path(f"{number}.jpg") for number in range(40)], settle)
    cards = page.answers.cards
    assert not cards.currentIndex().isValid()  # nothing is marked where all is new
    for name, row in (("one more.jpg", 40), ("7.jpg", 7), ("another.jpg", 41)):
        page.answers.open_row(3)
        ask(page, [Path(name)], settle)
        assert cards.isVisible()
        assert cards.currentIndex().row() == row
        assert cards.viewport().rect().contains(cards.visualRect(cards.currentIndex()).center())


def test_the_table_sorts_with_a_click_on_its_head(
    page: ClassifyPage, pictures: list[Path], settle: Callable[[], None]
) -> None:
    ask(page, pictures, settle)
    page.answers.views.choose(1)
    head = page.answers.table.horizontalHeader()
    spot = QPoint(head.sectionViewportPosition(PROBABILITY) + 20, head.height() // 2)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    shares = [str(page.answers.model.index(row, PROBABILITY).data()) for row in range(len(pictures))]
    assert shares == sorted(shares)


def test_the_table_is_saved_as_it_is_sorted(
    page: ClassifyPage, pictures: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    settle: Callable[[], None],
) -> None:  # fmt: skip
    ask(page, pictures, settle)
    page.answers.model.sort(PROBABILITY, Qt.SortOrder.DescendingOrder)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "answers"), ""))
    page.answers.save.click()
    with (tmp_path / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == len(pictures)
    shares = [float(line["probability"]) for line in lines]
    assert shares == sorted(shares, reverse=True)


def test_a_place_that_cannot_be_written_gets_a_sentence(
    window: MainWindow, page: ClassifyPage, pictures: list[Path], tmp_path: Path, settle: Callable[[], None]
) -> None:
    ask(page, pictures[:1], settle)
    page.answers.save_csv(tmp_path / "gone" / "answers.csv")
    assert window.bar.isVisible()
    assert window.bar.kind == "bad"
    assert "Cannot write" in window.bar.text


def test_long_work_shows_its_progress_and_can_be_stopped(
    page: ClassifyPage, pictures: list[Path], qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    first = fakes.prediction(pictures[0], ("ants", "bees"), 0)
    fake_work.setattr(work, "classify", lambda *_: fakes.endless(first))
    page.session.classify(pictures)
    qtbot.waitUntil(lambda: page.answers.progress.value() == 1)
    assert page.answers.progress.maximum() == 8
    assert page.answers.stop.isVisible()
    page.answers.stop.click()
    assert not page.answers.progress.isVisible()
    assert page.session.classifying.total == 1


def test_clearing_comes_back_to_the_empty_page(
    page: ClassifyPage, pictures: list[Path], settle: Callable[[], None]
) -> None:
    ask(page, pictures, settle)
    page.answers.clear.click()
    assert page.open_pictures.isVisible()
    assert not page.session.classifying.rows


def test_answers_that_nobody_saw_are_told_by_the_badge(
    window: MainWindow, page: ClassifyPage, pictures: list[Path], settle: Callable[[], None]
) -> None:
    window.show_page("images")
    page.session.classifying.ask(pictures)
    settle()
    assert window.buttons["classify"].badge == "8"
    window.show_page("classify")
    assert window.buttons["classify"].badge == ""


def test_another_network_answers_again(
    page: ClassifyPage, pictures: list[Path], monkeypatch: pytest.MonkeyPatch, fake_work: pytest.MonkeyPatch,
    settle: Callable[[], None],
) -> None:  # fmt: skip
    ask(page, pictures[:1], settle)
    fake_work.setattr(work, "classify", fakes.answers(("cats", "dogs")))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("pets.safetensors", ""))
    page.answers.change.click()
    settle()
    assert page.answers.one.headline.text() == "cats"
    assert page.answers.header.below.whole() == "Answered by pets · 2 classes"
