"""The report of the last crash is offered in the window, once, and can be read and copied."""

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnngui import crashes
from cnngui.gui import about, crash_report
from cnngui.gui.app import _OpenedFromOutside
from cnngui.gui.main_window import MainWindow
from cnngui.gui.reading import Reading
from tests.unit.gui import fakes


def reading(window: MainWindow) -> Reading:
    (found,) = window.findChildren(Reading)
    return found


def test_a_report_is_offered_read_and_copied(window: MainWindow, qtbot: QtBot) -> None:
    crash_report.offer(window)
    assert not window.bar.isVisible()
    crashes.write(ValueError("of all things"))
    crash_report.offer(window)
    assert "failed the last time" in window.bar.text
    window.bar._action.click()
    dialog = reading(window)
    assert dialog.isVisible()
    dialog.copy.click()
    assert "ValueError: of all things" in QGuiApplication.clipboard().text()
    dialog.accept()
    crash_report.offer(window)
    assert not window.bar.isVisible()


def test_the_licences_are_there_where_they_are_shipped(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(about, "_LICENCES", tmp_path / "none")
    dialog = about.About(window.session, window)
    assert dialog.licences.isHidden()
    listed = tmp_path / "LIST.txt"
    listed.write_text("torch: BSD")
    monkeypatch.setattr(about, "_LICENCES", listed)
    dialog = about.About(window.session, window)
    dialog.licences.click()
    (shown,) = dialog.findChildren(Reading)
    assert "torch: BSD" in shown.box.toPlainText()
    shown.accept()


def test_a_file_opened_from_outside_is_opened(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    from PySide6.QtGui import QFileOpenEvent

    outside = _OpenedFromOutside(window)
    app = QApplication.instance()
    assert app is not None
    with qtbot.waitSignal(window.session.index_changed):
        assert outside.eventFilter(app, QFileOpenEvent(str(folder)))
    assert window.session.index == fakes.index_of(folder)
