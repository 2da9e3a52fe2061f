"""The Images page."""

from pathlib import Path

from PySide6.QtTest import QTest

from cnngui.checker.checks import Progress
from cnngui.data.index import Unreadable
from cnngui.gui.job import Work
from cnngui.gui.main_window import MainWindow
from cnngui.gui.pages.images import ImagesPage
from tests.screens.common import FOUND, judges, put, state
from tests.unit.gui import fakes

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
def images_checking(window: MainWindow, folder: Path) -> None:
    def check(_target: object, _size: object, tell: Progress) -> Work:
        tell(12_345, 60_000, "Looking at the pictures")
        return fakes.endless()

    put("check", check)
    images_full(window, folder)
    QTest.qWait(200)


@state
def images_pitfalls(window: MainWindow, folder: Path) -> None:
    put("check", judges(*FOUND))
    images_full(window, folder)
    QTest.qWait(200)
    page = window.pages["images"]
    assert isinstance(page, ImagesPage)
    rows = page.full.classes.rows()
    page.full.classes.choose(next(n for n, row in enumerate(rows) if row.kind == "pitfalls"))
