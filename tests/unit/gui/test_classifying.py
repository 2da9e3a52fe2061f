"""Pictures asked about, and the rows that come of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from cnngui.cancel import Cancel
from cnngui.errors import RequestError
from cnngui.gui import work
from cnngui.gui.classifying import Classifying
from cnngui.gui.job import Work
from cnngui.gui.session import Session
from cnngui.gui.widgets.answers import LABEL, PICTURE, PROBABILITY, SURE, AnswersModel
from tests.unit.gui import fakes


@pytest.fixture
def classifying(session: Session) -> Classifying:
    session.classifying.use(fakes.opened(Path("one.safetensors")))
    return session.classifying


def paths(*names: str) -> list[Path]:
    return [Path("pictures") / name for name in names]


def test_rows_come_in_the_order_asked(classifying: Classifying, settle: Callable[[], None]) -> None:
    assert classifying.ask(paths("a.jpg", "broken.jpg", "c.jpg")) == 3
    settle()
    assert [Path(row.path).name for row in classifying.rows] == ["a.jpg", "broken.jpg", "c.jpg"]
    tally = classifying.tally()
    assert (tally.answered, tally.unsure, tally.unreadable) == (3, 1, 1)
    assert not classifying.busy


def test_a_picture_is_asked_about_once(classifying: Classifying, settle: Callable[[], None]) -> None:
    classifying.ask(paths("a.jpg", "a.jpg"))
    settle()
    assert classifying.ask(paths("a.jpg")) == 0
    assert classifying.total == len(classifying.rows) == 1


def test_what_comes_while_work_goes_on_waits_for_its_turn(
    classifying: Classifying, settle: Callable[[], None]
) -> None:
    classifying.ask(paths("a.jpg"))
    classifying.ask(paths("b.jpg", "c.jpg"))
    assert classifying.total == 3
    settle()
    assert len(classifying.rows) == 3


def test_another_network_answers_about_the_same_pictures(
    classifying: Classifying, settle: Callable[[], None], fake_work: pytest.MonkeyPatch
) -> None:
    classifying.ask(paths("a.jpg", "b.jpg"))
    settle()
    fake_work.setattr(work, "classify", fakes.answers(("cats", "dogs")))
    classifying.use(fakes.opened(Path("two.safetensors")))
    settle()
    assert len(classifying.rows) == 2
    assert all(getattr(row, "label", "") in ("cats", "dogs") for row in classifying.rows)


def test_stop_leaves_what_has_no_answer(
    classifying: Classifying, qtbot: QtBot, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    def halting(_model: Path, asked: list[Path]) -> Work:
        def task(cancel: Cancel) -> Iterator[object]:
            yield fakes.prediction(asked[0], ("ants", "bees"), 0)
            cancel.pause()
            cancel.check()

        return task

    fake_work.setattr(work, "classify", halting)
    classifying.ask(paths("a.jpg", "b.jpg", "c.jpg"))
    qtbot.waitUntil(lambda: len(classifying.rows) == 1)
    classifying.stop()
    assert not classifying.busy
    assert classifying.total == 1
    settle()
    assert len(classifying.rows) == 1


def test_a_failure_is_said_and_nothing_answered_is_lost(
    classifying: Classifying, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    def failing(_model: Path, asked: list[Path]) -> Work:
        def task(_cancel: Cancel) -> Iterator[object]:
            yield fakes.prediction(asked[0], ("ants", "bees"), 0)
            raise RequestError("The model file is gone.")

        return task

    fake_work.setattr(work, "classify", failing)
    with qtbot.waitSignal(classifying.failed) as failed:
        classifying.ask(paths("a.jpg", "b.jpg"))
    assert failed.args == ["The model file is gone."]
    assert len(classifying.rows) == classifying.total == 1


@pytest.fixture
def table(classifying: Classifying, settle: Callable[[], None]) -> Iterator[AnswersModel]:
    model = AnswersModel(classifying, classifying)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    classifying.ask(paths("d.jpg", "broken.jpg", "b.jpg", "a.jpg", "c.jpg"))
    settle()
    yield model
    assert tester.model() is model


def names(model: AnswersModel) -> list[str]:
    return [str(model.index(row, PICTURE).data()) for row in range(model.rowCount())]


def test_the_table_sorts_every_column_and_keeps_the_unreadable_last(table: AnswersModel) -> None:
    assert names(table) == ["d.jpg", "broken.jpg", "b.jpg", "a.jpg", "c.jpg"]
    table.sort(PICTURE)
    assert names(table) == ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "broken.jpg"]
    table.sort(PICTURE, Qt.SortOrder.DescendingOrder)
    assert names(table) == ["d.jpg", "c.jpg", "b.jpg", "a.jpg", "broken.jpg"]
    table.sort(PROBABILITY, Qt.SortOrder.DescendingOrder)
    shares = [str(table.index(row, PROBABILITY).data()) for row in range(table.rowCount())]
    assert shares == ["97.0 %", "93.0 %", "71.0 %", "52.0 %", ""]
    table.sort(SURE)
    assert table.index(0, SURE).data() == "Not sure"
    table.sort(LABEL)
    labels = [str(table.index(row, LABEL).data()) for row in range(4)]
    assert labels == sorted(labels)
    table.sort(-1)
    assert names(table) == ["d.jpg", "broken.jpg", "b.jpg", "a.jpg", "c.jpg"]


def test_what_is_unlike_everything_learnt_says_so(
    classifying: Classifying, settle: Callable[[], None]
) -> None:
    model = AnswersModel(classifying, classifying)
    classifying.ask(paths("a.jpg", "strange.jpg"))
    settle()
    assert [model.index(row, SURE).data() for row in range(2)] == [
        "Yes",
        "Not sure: unlike anything it was trained on",
    ]
    tips = [str(model.index(row, PICTURE).data(Qt.ItemDataRole.ToolTipRole)) for row in range(2)]
    assert tips[0].endswith("a.jpg")
    assert tips[1].endswith("strange.jpg\nUnlike anything it was trained on")


def test_every_row_can_be_heard(table: AnswersModel) -> None:
    said = [
        str(table.index(row, PICTURE).data(Qt.ItemDataRole.AccessibleTextRole))
        for row in range(table.rowCount())
    ]
    assert said[0] == "d.jpg: ants, 97 %"
    assert said[1] == "broken.jpg: cannot be read. This file is cut short: its lower half is missing."
    assert said[2] == "b.jpg: not sure, perhaps ants, 52 %"
