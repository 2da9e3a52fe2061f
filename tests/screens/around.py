"""What belongs to no page."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl

from cnngui.gui import drops
from cnngui.gui.main_window import MainWindow
from cnngui.gui.pages.images import ImagesPage
from tests.screens.common import state
from tests.screens.images import images_full


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
