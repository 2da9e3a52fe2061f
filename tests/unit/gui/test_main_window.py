"""The window: pages, drops, paste, shortcuts, messages, closing."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cnngui import settings
from cnngui.cancel import Cancel
from cnngui.gui import job, style, theme, work
from cnngui.gui.main_window import MainWindow
from cnngui.gui.pages import PAGES
from tests.unit.gui import fakes
from tests.unit.gui.events import drag, drop, leave, mime_of


def shown(window: MainWindow) -> str:
    return next(key for key, page in window.pages.items() if page is window.stack.currentWidget())


def test_every_page_is_one_class_and_one_row(window: MainWindow) -> None:
    assert [page.key for page in PAGES] == list(window.pages)
    for number, page in enumerate(PAGES, 1):
        QTest.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        assert shown(window) == page.key
        assert window.buttons[page.key].isChecked()
        assert window.buttons[page.key].text() == page.title()


def test_the_rail_is_walked_with_the_keyboard(window: MainWindow) -> None:
    window.buttons["train"].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(window.buttons["train"], Qt.Key.Key_Space)
    assert shown(window) == "train"
    QTest.mouseClick(window.buttons["images"], Qt.MouseButton.LeftButton)
    assert shown(window) == "images"


def test_tab_goes_through_the_rail_by_the_page_that_is_shown(window: MainWindow) -> None:
    def press(key: Qt.Key) -> QWidget:
        QTest.keyClick(window.focusWidget(), key)
        return window.focusWidget()

    window.show_page("classify")
    window.rail.menu_button.setFocus()
    assert press(Qt.Key.Key_Tab) is window.buttons["classify"]
    assert window.pages["classify"].isAncestorOf(press(Qt.Key.Key_Tab))
    assert press(Qt.Key.Key_Backtab) is window.buttons["classify"]
    assert press(Qt.Key.Key_Up) is window.buttons["train"]
    assert shown(window) == "train"
    assert window.pages["train"].isAncestorOf(press(Qt.Key.Key_Tab))


@pytest.mark.parametrize("page", [page.key for page in PAGES])
@pytest.mark.parametrize("place", ["rail", "middle", "corner"])
def test_a_folder_may_be_dropped_anywhere(
    window: MainWindow, folder: Path, page: str, place: str, settle: Callable[[], None]
) -> None:
    window.show_page(page)
    spots = {
        "rail": QPoint(100, 300),
        "middle": window.rect().center(),
        "corner": window.rect().bottomRight() - QPoint(3, 3),
    }
    event = drop(window, mime_of([folder]), spots[place])
    assert event.isAccepted()
    assert event.dropAction() == Qt.DropAction.CopyAction  # nothing of the person's is ever moved
    settle()
    assert window.session.index is not None
    assert shown(window) == "images"
    assert window.windowTitle() == "insects – cnngui"


def test_pictures_are_dropped_on_full_pages_too(
    window: MainWindow, folder: Path, settle: Callable[[], None]
) -> None:
    """The views of a full page must leave the drop to the window."""
    window.session.open_model(Path("bees.safetensors"))
    drop(window, mime_of([folder]))
    settle()
    pictures = sorted(folder.glob("*/*.jpg"))
    drop(window, mime_of(pictures[:1]))
    settle()
    assert shown(window) == "classify"
    drop(window, mime_of(pictures[1:3]))
    settle()
    drop(window, mime_of(pictures[3:4]))  # on the cards
    settle()
    window.session.training.start(fakes.index_of(folder), window.session.training.config)
    settle()
    window.show_page("train")
    for spot in (QPoint(400, 600), QPoint(900, 600)):  # on the plots
        drop(window, mime_of(pictures[4:6]), spot)
        settle()
        window.show_page("train")
    assert len(window.session.classifying.rows) == 6


def test_a_model_file_is_opened(window: MainWindow, tmp_path: Path, settle: Callable[[], None]) -> None:
    model = tmp_path / "moths.safetensors"
    model.touch()
    drop(window, mime_of([model]))
    settle()
    assert window.session.model is not None
    assert window.session.model.path == model
    assert shown(window) == "classify"


def test_a_strange_thing_gets_one_plain_sentence(window: MainWindow, tmp_path: Path) -> None:
    strange = tmp_path / "report.docx"
    strange.touch()
    drop(window, mime_of([strange]))
    assert window.bar.isVisible()
    assert window.bar.text == "“report.docx” is not a picture, a folder or a model file (.safetensors)."
    assert window.bar.kind == "warn"
    QTest.mouseClick(window.bar.close_button, Qt.MouseButton.LeftButton)
    assert not window.bar.isVisible()


def test_a_web_address_gets_one_plain_sentence(window: MainWindow) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/bee.jpg")])
    drop(window, mime)
    assert window.bar.text == "This is a web address. Save the picture as a file first, then drop that."


def test_the_overlay_says_what_a_drop_would_do(window: MainWindow, folder: Path) -> None:
    assert drag(window, mime_of([folder])).isAccepted()
    assert window.overlay.isVisible()
    assert window.overlay.size() == window.overlay.parentWidget().size()  # type: ignore[union-attr]
    assert window.overlay.text == "Drop to open the folder “insects”"
    leave(window)
    assert not window.overlay.isVisible()


def test_what_is_no_file_is_not_even_offered_a_place(window: MainWindow) -> None:
    mime = QMimeData()
    mime.setText("some words")
    assert not drag(window, mime).isAccepted()
    assert not window.overlay.isVisible()


def test_no_other_folder_while_a_training_runs(
    window: MainWindow, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    fake_work.setattr(work, "train", lambda *_: fakes.endless())
    window.session.training.start(fakes.index_of(folder), window.session.training.config)
    drop(window, mime_of([folder]))
    qtbot.waitUntil(window.bar.isVisible)
    assert window.bar.text == "A training is running. Stop it before you open another folder."
    assert window.session.index is None
    assert shown(window) == "train"
    with qtbot.waitSignal(window.session.training.ended):
        window.session.training.stop()
    assert not window.bar.isVisible()  # it is no longer so


def test_a_flat_folder_is_classified_while_a_training_runs(
    window: MainWindow, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    session = window.session
    flat = replace(fakes.index_of(folder), classes=())
    fake_work.setattr(work, "scan", lambda root: fakes.works(flat))
    fake_work.setattr(work, "train", lambda *_: fakes.endless())
    session.open_model(Path("bees.safetensors"))
    settle()
    session.training.start(fakes.index_of(folder), session.training.config)
    drop(window, mime_of([folder]))
    qtbot.waitUntil(lambda: len(session.classifying.rows) == 8)
    assert shown(window) == "classify"
    assert session.training.busy
    assert not window.bar.isVisible()


def test_a_flat_folder_without_a_network_is_told_why_it_waits(
    window: MainWindow, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    flat = replace(fakes.index_of(folder), classes=())
    fake_work.setattr(work, "scan", lambda root: fakes.works(flat))
    drop(window, mime_of([folder]))
    qtbot.waitUntil(window.bar.isVisible)
    assert window.bar.text.startswith("“insects” has no class folders, so it can only be classified")
    assert "train one on a folder with class folders" in window.bar.text
    fake_work.setattr(work, "train", lambda *_: fakes.endless())
    window.session.training.start(fakes.index_of(folder), window.session.training.config)
    drop(window, mime_of([folder]))
    qtbot.waitUntil(window.bar.isVisible)
    assert "wait for the training to end" in window.bar.text


def test_a_pasted_picture_is_classified_and_removed_at_the_end(
    window: MainWindow, settle: Callable[[], None]
) -> None:
    window.session.open_model(Path("bees.safetensors"))
    settle()
    image = QImage(40, 30, QImage.Format.Format_RGB888)
    image.fill(QColor(200, 40, 40))
    QGuiApplication.clipboard().setImage(image)
    QTest.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle()
    (row,) = window.session.classifying.rows
    kept = Path(row.path)
    assert kept.name == "Pasted picture 1.png"
    assert QImage(str(kept)).pixelColor(5, 5) == QColor(200, 40, 40)
    window.close()
    assert not kept.exists()


def test_pasted_files_and_paths_are_opened(
    window: MainWindow, folder: Path, settle: Callable[[], None]
) -> None:
    QGuiApplication.clipboard().setMimeData(mime_of([folder]))
    window.paste()
    settle()
    assert window.session.index is not None
    window.session.open_model(Path("bees.safetensors"))
    settle()
    QGuiApplication.clipboard().setText(f'"{folder / "ants" / "ants 000.jpg"}"')
    window.paste()
    settle()
    assert len(window.session.classifying.rows) == 1
    QGuiApplication.clipboard().setText("only words")
    window.paste()
    assert window.bar.text == "There is no picture and no file on the clipboard."


def test_training_starts_and_pauses_from_the_keyboard(
    window: MainWindow, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    fake_work.setattr(work, "train", lambda *_: fakes.endless(*fakes.run_events(until=1.5)))
    window.session.set_index(fakes.index_of(folder))
    QTest.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert shown(window) == "train"
    training = window.session.training
    qtbot.waitUntil(lambda: training.step is not None)
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert training.paused
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert not training.paused


def test_the_menu_lists_every_action_with_its_key(window: MainWindow) -> None:
    actions = [action for action in window.menu.actions() if not action.isSeparator()]
    assert [action.text() for action in actions][:4] == [
        "Open a folder…",
        "Open pictures…",
        "Open a network…",
        "Paste a picture or files",
    ]
    keys = [action.shortcut().toString() for action in window.actions() if not action.shortcut().isEmpty()]
    assert len(keys) == len(set(keys))
    assert {"Ctrl+O", "Ctrl+V", "Ctrl+1", "Ctrl+Q"} <= set(keys)


def answer(qtbot: QtBot, words: str) -> None:
    """Press the button of the question that is about to come up."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        button = next(button for button in box.buttons() if button.text() == words)
        assert isinstance(button, QPushButton)
        button.click()

    QTimer.singleShot(0, press)


def test_closing_in_the_middle_of_a_training_asks_stops_and_waits(
    window: MainWindow, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    events = fakes.run_events(until=2.5)
    fake_work.setattr(work, "train", lambda *_: fakes.endless(*events, last=fakes.stopped()))
    training = window.session.training
    training.start(fakes.index_of(folder), training.config)
    qtbot.waitUntil(lambda: len(training.epochs) == 2)
    answer(qtbot, "Keep training")
    window.close()
    assert window.isVisible()
    assert training.busy
    answer(qtbot, "Stop and close")
    window.close()
    assert window.isVisible()  # until the network is saved
    assert not window.isEnabled()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert training.result == fakes.stopped()
    assert not training.busy


def test_the_question_goes_when_the_training_ends_by_itself(
    window: MainWindow, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()

    def ends(_cancel: Cancel) -> Iterator[object]:
        yield from fakes.run_events(until=2.5)
        asked.wait()
        yield fakes.ended()

    fake_work.setattr(work, "train", lambda *_: ends)
    training = window.session.training
    training.start(fakes.index_of(folder), training.config)
    qtbot.waitUntil(lambda: len(training.epochs) == 2)
    QTimer.singleShot(0, asked.set)
    window.close()  # waits for the answer to its question
    assert window.isVisible()
    assert window.isEnabled()
    assert training.result == fakes.ended()


def test_closing_stops_everything_else_without_asking(
    window: MainWindow, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    fake_work.setattr(work, "scan", lambda root: fakes.endless())
    window.session.scanning.start(folder)
    window.close()
    assert not window.isVisible()
    qtbot.waitUntil(lambda: not job.alive())


def test_the_window_comes_back_where_it_was(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(980, 701)
    window.close()
    assert settings.load().geometry
    again = MainWindow(window.session)
    qtbot.addWidget(again)
    assert again.height() == 701  # the offscreen screen is too narrow to tell by the width


def test_damaged_geometry_does_no_harm(window: MainWindow, qtbot: QtBot) -> None:
    settings.save(settings.Settings(geometry="not base64 ü"))
    again = MainWindow(window.session)
    qtbot.addWidget(again)
    assert again.width() >= again.minimumWidth()


def test_the_first_window_fits_the_screen_with_its_frame(window: MainWindow) -> None:
    room = window.screen().availableSize()
    assert 560 <= window.height() <= room.height() - 48
    assert 900 <= window.width() <= max(900, room.width() - 16)


def test_the_rail_says_what_is_open(window: MainWindow, folder: Path, settle: Callable[[], None]) -> None:
    assert window.rail.data_name.whole() == "None yet"
    window.session.set_index(fakes.index_of(folder))
    window.session.open_model(Path("bees.safetensors"))
    settle()
    assert window.rail.data_name.whole() == "insects"
    assert window.rail.model_name.whole() == "bees"


def test_about_tells_versions_device_and_privacy(window: MainWindow, settle: Callable[[], None]) -> None:
    from cnngui.gui.about import About

    window.session.warm_up()
    settle()
    words = "\n".join(label.text() for label in About(window.session, window).findChildren(QLabel))
    assert fakes.DEVICE in words
    assert "PyTorch" in words
    assert "Everything stays on this computer." in words


@pytest.mark.parametrize("palette", [theme.LIGHT, theme.DARK], ids=lambda palette: palette.name)
def test_every_page_fits_a_small_screen(
    window: MainWindow, qapp: QApplication, palette: theme.Palette
) -> None:
    style.use(qapp, palette)
    window.resize(1024, 700)
    for page in window.pages.values():
        window.show_page(page.key)
        assert (window.width(), window.height()) == (1024, 700)
        assert page.minimumSizeHint().width() <= page.width()
        assert page.minimumSizeHint().height() <= page.height()
    style.use(qapp, theme.LIGHT)


def controls(window: QWidget) -> list[QWidget]:
    """Everything a person can focus."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not widget.objectName().startswith("qt_")
    ]


def test_every_control_has_an_accessible_name(
    window: MainWindow, folder: Path, settle: Callable[[], None]
) -> None:
    window.session.set_index(fakes.index_of(folder))
    window.session.training.start(fakes.index_of(folder), window.session.training.config)
    settle()
    nameless = [
        f"{type(widget).__name__} {getattr(widget, 'text', str)()} in {type(widget.parentWidget()).__name__}"
        for widget in controls(window)
        if not widget.accessibleName()
    ]
    assert not nameless
