"""Images: empty, scanning, and full."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from cnngui.checker.runner import Checked
from cnngui.data.index import DatasetIndex, Record, ScanProgress, Split, Unreadable
from cnngui.engine.spec import TrainConfig
from cnngui.gui import work
from cnngui.gui.job import Work
from cnngui.gui.main_window import MainWindow
from cnngui.gui.pages.images import DataSetPanel, ImagesPage
from cnngui.gui.pages.train import TrainPage
from cnngui.gui.widgets.image_grid import PATH_ROLE, PictureGrid
from cnngui.gui.widgets.thumbnails import Thumbnails
from tests.unit.gui import fakes

BAD = (Unreadable("ants/cut.jpg", "It is cut short."), Unreadable("bees/text.jpg", "It is a text file."))


@pytest.fixture
def page(window: MainWindow) -> ImagesPage:
    page = window.pages["images"]
    assert isinstance(page, ImagesPage)
    return page


@pytest.fixture
def panel(page: ImagesPage, folder: Path, settle: Callable[[], None]) -> DataSetPanel:
    index = fakes.index_of(folder, BAD, (Unreadable("Thumbs.db", "A hidden file."),), ("A note.",))
    page.session.set_index(index)
    settle()
    return page.full


def kinds(panel: DataSetPanel) -> list[tuple[str, str, int]]:
    return [(row.kind, row.name, row.count) for row in panel.classes.rows()]


def choose(panel: DataSetPanel, name: str) -> None:
    rows = panel.classes.rows()
    panel.classes.choose(next(number for number, row in enumerate(rows) if row.name == name))


def test_an_empty_page_says_the_first_thing_to_do(
    page: ImagesPage, folder: Path, monkeypatch: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    assert page.choose.isVisible()
    page.choose.click()
    settle()
    assert page.session.index is not None
    assert page.full.isVisible()


def test_the_sample_is_one_click_away(
    page: ImagesPage, folder: Path, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    fake_work.setattr(work, "draw_sample", lambda: fakes.works(work.SampleReady(folder)))
    page.sample.click()
    settle()
    assert page.full.isVisible()


def test_the_drawing_of_the_sample_counts_its_pictures_once_it_knows_how_many(
    page: ImagesPage, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    fake_work.setattr(work, "draw_sample", lambda: fakes.endless(fakes.Progress(3, 480)))
    page.sample.click()
    assert page.scan.line.whole() == "Getting ready…"
    qtbot.waitUntil(lambda: page.scan.line.whole() == "3 of 480 pictures")


def test_a_scan_shows_what_it_does_and_can_be_stopped(
    page: ImagesPage, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    fake_work.setattr(work, "scan", lambda root: fakes.endless(ScanProgress(1234, "ants/new")))
    page.session.scanning.start(folder)
    qtbot.waitUntil(lambda: page.scan.line.whole() == "1,234 files · ants/new")
    assert page.scan.isVisible()
    page.scan.stop.click()
    assert not page.scan.isVisible()
    assert page.choose.isVisible()


def test_the_list_counts_the_classes_and_what_was_found(panel: DataSetPanel) -> None:
    assert kinds(panel) == [
        ("all", "All pictures", 8),
        ("class", "ants", 4),
        ("class", "bees", 4),
        ("heading", "What the scan found", 0),
        ("notes", "Notes", 1),
        ("unreadable", "Not readable", 2),
        ("ignored", "Passed over", 1),
    ]


def test_a_class_filters_the_grid(panel: DataSetPanel) -> None:
    assert panel.grid.pictures.rowCount() == 8
    choose(panel, "bees")
    assert panel.grid.pictures.rowCount() == 4
    assert {panel.grid.pictures.class_name(row) for row in range(4)} == {"bees"}
    choose(panel, "All pictures")
    assert panel.grid.pictures.rowCount() == 8


def test_a_click_on_the_list_chooses_too(panel: DataSetPanel, qtbot: QtBot) -> None:
    spot = panel.classes.visualRect(panel.classes.model().index(1, 0)).center()
    QTest.mouseClick(panel.classes.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert panel.grid.pictures.rowCount() == 4


def test_what_was_found_is_listed_with_its_sentences(panel: DataSetPanel) -> None:
    choose(panel, "Not readable")
    assert panel.reasons.isVisible()
    assert list(panel.reasons.lines()) == [(bad.path, bad.reason) for bad in BAD]
    choose(panel, "Notes")
    assert list(panel.reasons.lines()) == [("", "A note.")]
    choose(panel, "Passed over")
    assert list(panel.reasons.lines()) == [("Thumbs.db", "A hidden file.")]
    choose(panel, "ants")
    assert panel.grid.isVisible()


def test_the_badge_counts_what_cannot_be_read(window: MainWindow, panel: DataSetPanel) -> None:
    assert window.buttons["images"].badge == "2"


def test_only_pictures_in_sight_are_decoded(
    page: ImagesPage, tmp_path: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    """A hundred thousand pictures: the view asks for what it shows and for nothing else."""
    records = tuple(Record(f"ants/{n:06}.jpg", 0, Split.UNSPLIT, 1, 1) for n in range(100_000))
    index = DatasetIndex(tmp_path, ("ants", "bees"), records, (), (), (), "many")
    asked: set[str] = set()

    def collect(take: Callable[[], str | None], _side: int) -> Work:
        while (path := take()) is not None:
            asked.add(path)
        return fakes.works()

    fake_work.setattr(work, "thumbnails", collect)
    page.session.set_index(index)
    settle()
    page.full.grid.grab()
    settle()
    at_the_top = len(asked)
    assert 4 < at_the_top < 200
    bar = page.full.grid.verticalScrollBar()
    bar.setValue(bar.maximum())
    page.full.grid.grab()
    settle()
    assert str(index.file(records[-1])) in asked
    assert len(asked) <= 2 * at_the_top + 20


def test_thumbnails_are_painted(panel: DataSetPanel, qtbot: QtBot) -> None:
    grid = panel.grid
    path = str(grid.pictures.index(0, 0).data(PATH_ROLE))
    qtbot.waitUntil(lambda: path in panel.thumbnails.kept())
    spot: QPoint = grid.visualRect(grid.pictures.index(0, 0)).center()
    painted = grid.viewport().grab().toImage().pixelColor(spot)
    pixmap = panel.thumbnails.get(path)
    assert pixmap is not None
    middle = pixmap.toImage().pixelColor(pixmap.rect().center())
    assert abs(painted.red() - middle.red()) < 30
    assert abs(painted.hue() - middle.hue()) < 10


def test_what_the_network_sees_can_be_shown(panel: DataSetPanel, qtbot: QtBot) -> None:
    """The pictures are wider than high: with the frame on, their left edge is dimmed."""
    grid = panel.grid
    path = str(grid.pictures.index(0, 0).data(PATH_ROLE))
    qtbot.waitUntil(lambda: path in panel.thumbnails.kept())
    place = grid.visualRect(grid.pictures.index(0, 0))
    edge = QPoint(place.left() + 8, place.center().y())
    before = grid.viewport().grab().toImage().pixelColor(edge).lightness()
    panel.frames.click()
    assert grid.viewport().grab().toImage().pixelColor(edge).lightness() < before / 2


def test_a_picture_opens_large_and_the_arrows_step(panel: DataSetPanel, qtbot: QtBot) -> None:
    panel.grid.setFocus()
    panel.grid.setCurrentIndex(panel.grid.pictures.index(1, 0))
    QTest.keyClick(panel.grid, Qt.Key.Key_Return)
    assert panel.viewer.isVisible()
    assert panel.viewer.name.whole() == "ants/ants 001.jpg"
    QTest.keyClick(panel.viewer, Qt.Key.Key_Right)
    assert panel.viewer.name.whole() == "ants/ants 002.jpg"
    QTest.keyClick(panel.viewer, Qt.Key.Key_Left)
    QTest.keyClick(panel.viewer, Qt.Key.Key_Left)
    QTest.keyClick(panel.viewer, Qt.Key.Key_Left)
    assert panel.viewer.name.whole() == "ants/ants 000.jpg"
    QTest.keyClick(panel.viewer, Qt.Key.Key_Escape)
    assert panel.grid.isVisible()
    QTest.keyClick(panel.grid, Qt.Key.Key_Space)
    assert panel.viewer.isVisible()


def test_columns_fill_the_width(qtbot: QtBot, folder: Path) -> None:
    grid = PictureGrid(Thumbnails())
    qtbot.addWidget(grid)
    grid.pictures.show(fakes.index_of(folder), range(8))
    grid.show()
    for width in (300, 517, 900):
        grid.resize(width, 400)
        cell = grid.gridSize().width()
        columns = (grid.viewport().width() - 1) // cell
        assert grid.viewport().width() - columns * cell <= columns + 1
        tops = {grid.visualRect(grid.pictures.index(n, 0)).top() for n in range(min(8, columns))}
        assert len(tops) == 1  # the first row holds them all


def test_the_pictures_are_checked_after_a_scan(
    page: ImagesPage,
    window: MainWindow,
    folder: Path,
    fake_work: pytest.MonkeyPatch,
    settle: Callable[[], None],
) -> None:
    blurry = fakes.finding("blurry", part="ants/0.jpg")
    judged = work.Judged(Checked(str(folder), (blurry,)), {})
    fake_work.setattr(work, "check", lambda *_: fakes.works(judged))
    page.session.set_index(fakes.index_of(folder))
    page.full.classes.choose(1)
    settle()
    rows = page.full.classes.rows()
    assert ("pitfalls", "Pitfalls", 1) in kinds(page.full)
    assert page.full.classes.currentIndex().row() == 1  # what was being looked at stays
    assert window.buttons["images"].badge == "1"
    assert not page.full.check.isVisible()
    page.full.classes.choose(next(n for n, row in enumerate(rows) if row.kind == "pitfalls"))
    assert [card.finding for card in page.full.found.cards] == [blurry]
    assert page.full.found.isVisibleTo(page.full)


def test_the_check_of_the_pictures_can_be_stopped(
    page: ImagesPage, folder: Path, fake_work: pytest.MonkeyPatch, settle: Callable[[], None], qtbot: QtBot
) -> None:
    def check(_target: object, _size: object, tell: Callable[[int, int | None, str], None]) -> Work:
        tell(3, 8, "Looking at the pictures")
        return fakes.endless()

    fake_work.setattr(work, "check", check)
    page.session.set_index(fakes.index_of(folder))
    qtbot.waitUntil(lambda: page.full.check.isVisibleTo(page.full))
    page.full.check.stop.click()
    assert not page.full.check.isVisibleTo(page.full)
    settle()


@pytest.mark.parametrize("total", [60_000, 1_000_000])
def test_how_far_a_check_is_can_be_read_to_the_end(
    total: int,
    page: ImagesPage,
    window: MainWindow,
    folder: Path,
    fake_work: pytest.MonkeyPatch,
    settle: Callable[[], None],
    qtbot: QtBot,
) -> None:
    def check(_target: object, _size: object, tell: Callable[[int, int | None, str], None]) -> Work:
        tell(total - 1, total, "Looking at the pictures")
        return fakes.endless()

    window.resize(window.minimumSize())
    fake_work.setattr(work, "check", check)
    page.session.set_index(fakes.index_of(folder))
    qtbot.waitUntil(lambda: page.full.check.line.text() == f"Checking {total - 1:,} of {total:,}")
    page.full.check.stop.click()
    settle()


def trained(page: ImagesPage, window: MainWindow, folder: Path, settle: Callable[[], None]) -> TrainPage:
    """The Train page at the end of a training on `folder`."""
    page.session.warm_up()
    page.session.set_index(fakes.index_of(folder))
    window.show_page("train")
    train = window.pages["train"]
    assert isinstance(train, TrainPage)
    train.ready.button.click()
    settle()
    return train


def test_labels_are_judged_after_a_training(
    page: ImagesPage,
    window: MainWindow,
    folder: Path,
    fake_work: pytest.MonkeyPatch,
    settle: Callable[[], None],
) -> None:
    fakes.folder(folder, each=5)  # a picture of each class in every fold
    doubt = fakes.finding("suspected-mislabel", part="ants/ants 002.jpg")
    judged = work.Judged(Checked(str(folder), (doubt,)), {})
    asked = []

    def check_labels(index: DatasetIndex, config: TrainConfig, _tell: object) -> Work:
        asked.append((index, config))
        return fakes.works(work.Suspects((7, 2)), judged)

    fake_work.setattr(work, "check_labels", check_labels)
    train = trained(page, window, folder, settle)
    train.run.end.labels.click()
    settle()
    assert asked == [(page.session.index, page.session.training.config)]
    assert window.buttons["images"].badge == "1"
    assert page.isVisible()
    assert window.bar.text == "2 pictures are perhaps in the wrong class."
    choose(page.full, "Wrong labels?")
    shown = page.full.grid.pictures
    paths = [str(shown.index(row, 0).data(PATH_ROLE)) for row in range(shown.rowCount())]
    assert [Path(path).name for path in paths] == ["bees 002.jpg", "ants 002.jpg"]
    choose(page.full, "Pitfalls")
    assert [card.finding for card in page.full.found.cards] == [doubt]
    page.session.set_index(fakes.index_of(folder))
    settle()
    assert not page.session.labels.suspects


def test_labels_are_not_judged_where_the_classes_are_too_small(
    page: ImagesPage, window: MainWindow, folder: Path, settle: Callable[[], None]
) -> None:
    fakes.folder(folder, ("ants",), each=5)  # and four bees
    train = trained(page, window, folder, settle)
    end = train.run.end
    assert end.labels.isVisible()
    QTest.mouseClick(end.labels, Qt.MouseButton.LeftButton)
    assert not page.session.labels.busy
    why = "This needs at least two classes with 5 pictures or more each."
    assert end.why_not.isVisible()
    assert end.why_not.text() == end.labels.accessibleDescription() == why
    fakes.folder(folder, ("bees",), each=5)
    page.session.set_index(fakes.index_of(folder))
    train.ready.button.click()
    settle()
    assert end.labels.isEnabled()
    assert not end.why_not.isVisible()


def test_the_check_of_the_labels_can_be_stopped_and_makes_way_for_a_training(
    page: ImagesPage, folder: Path, fake_work: pytest.MonkeyPatch, settle: Callable[[], None], qtbot: QtBot
) -> None:
    def check_labels(_index: object, _config: object, tell: Callable[[int, int | None, str], None]) -> Work:
        tell(2, 8, "Learning the labels")
        return fakes.endless()

    fake_work.setattr(work, "check_labels", check_labels)
    session, strip = page.session, page.full.label_check
    index = fakes.index_of(folder)
    session.set_index(index)
    settle()
    session.judge_labels()
    qtbot.waitUntil(lambda: strip.isVisibleTo(page.full))
    assert strip.line.whole() == "Judging the labels: 25 %"
    strip.stop.click()
    assert not strip.isVisibleTo(page.full)
    session.judge_labels()
    assert strip.isVisibleTo(page.full)
    session.training.start(index, TrainConfig())
    assert not strip.isVisibleTo(page.full)
    settle()
    assert not strip.isVisibleTo(page.full)
