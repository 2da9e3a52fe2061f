"""The tokens: contrast as WCAG AA asks, one scale, one grid, and no colour written down elsewhere."""

import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication, QListView
from pytestqt.qtbot import QtBot

from cnngui.gui import style, theme
from cnngui.gui.theme import DARK, LIGHT, Palette
from cnngui.gui.widgets.basic import keep_scroll_bar, label
from cnngui.gui.widgets.fields import Choice

GUI = Path(theme.__file__).parent


def test_contrast_is_wcags() -> None:
    assert theme.contrast("#ffffff", "#000000") == pytest.approx(21)
    assert theme.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert theme.contrast("#123456", "#123456") == 1


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
@pytest.mark.parametrize(("text", "ground"), theme.TEXT_PAIRS)
def test_text_can_be_read(palette: Palette, text: str, ground: str) -> None:
    assert theme.contrast(getattr(palette, text), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
@pytest.mark.parametrize(("mark", "ground"), theme.MARK_PAIRS)
def test_marks_can_be_told_from_their_ground(palette: Palette, mark: str, ground: str) -> None:
    assert theme.contrast(getattr(palette, mark), getattr(palette, ground)) >= 3


def test_no_colour_is_written_down_outside_the_theme() -> None:
    for file in GUI.rglob("*.py"):
        if file.name != "theme.py":
            found = re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", file.read_text(encoding="utf-8"))
            assert not found, f"{file.name} writes down {found}"


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_the_sheet_is_filled_in_and_names_files_that_exist(qapp: QApplication, palette: Palette) -> None:
    style.follow(qapp)
    sheet = style.sheet(palette)
    assert "$" not in sheet
    files = re.findall(r'url\("([^"]+)"\)', sheet)
    assert files
    assert all(Path(file).is_file() for file in files)


def test_what_qt_opens_by_itself_is_in_the_look(qapp: QApplication, qtbot: QtBot) -> None:
    style.follow(qapp)
    alone = QListView()  # as the one that completes a path in a file dialog
    choice = Choice((("Automatic", "auto"), ("Quick", "quick")))
    for widget in (alone, choice):
        qtbot.addWidget(widget)
        widget.show()
    assert alone.grab().toImage().pixelColor(20, 20).name() == theme.now().surface
    assert choice.view().sizeHintForRow(0) >= 32
    choice.showPopup()
    qtbot.waitUntil(choice.view().isVisible)
    chosen = choice.view().visualRect(choice.model().index(0, 0))
    image = choice.view().viewport().grab().toImage()
    assert image.pixelColor(chosen.right() - 12, chosen.center().y()).name() == theme.now().tint
    choice.hidePopup()


def test_a_scroll_bar_with_nothing_to_scroll_shows_no_handle(qapp: QApplication, qtbot: QtBot) -> None:
    style.follow(qapp)
    view = QListView()
    keep_scroll_bar(view)
    qtbot.addWidget(view)
    view.show()
    bar = view.verticalScrollBar()

    def shows_a_handle() -> bool:
        image = bar.grab().toImage()
        return image.pixelColor(image.width() // 2, image.height() // 4).name() == theme.now().bar

    assert not shows_a_handle()
    bar.setRange(0, bar.pageStep())
    assert shows_a_handle()


def test_a_desktop_that_gives_labels_a_face_of_their_own_changes_nothing(
    qapp: QApplication, qtbot: QtBot
) -> None:
    style.follow(qapp)
    face = qapp.font()
    kind: Any = "QLabel"  # the stubs ask for bytes, which are refused
    qapp.setFont(QFont("Serif", 30), kind)  # as GNOME's theme does
    words, code = label("12"), label("x = 1", "code")
    for one in (words, code):
        qtbot.addWidget(one)
        one.show()
    qapp.setFont(face)
    assert words.font().families() == face.families()
    assert words.font().pixelSize() == theme.BODY
    assert code.font().families() != face.families()


def test_every_weight_of_the_type_scale_is_to_be_had(qapp: QApplication) -> None:
    style.follow(qapp)
    for weight in (theme.REGULAR, theme.MEDIUM, theme.SEMIBOLD):
        font = theme.font(theme.BODY, weight)
        assert font.pixelSize() == theme.BODY
        assert font.weight() == weight
        assert QFontMetrics(font).horizontalAdvance("cnngui") > 0


def test_the_systems_scheme_decides() -> None:
    assert style.of_scheme(Qt.ColorScheme.Dark) is DARK
    assert style.of_scheme(Qt.ColorScheme.Light) is LIGHT
    assert style.of_scheme(Qt.ColorScheme.Unknown) is LIGHT


def test_a_change_of_scheme_is_followed_while_the_program_runs(qapp: QApplication) -> None:
    style.follow(qapp)
    hints = qapp.styleHints()
    heard: list[str] = []
    theme.in_use.changed.connect(lambda: heard.append(theme.now().name))
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.now() is DARK
    assert DARK.page in qapp.styleSheet()
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert heard[-2:] == ["dark", "light"]


def test_distances_are_on_the_grid() -> None:
    assert theme.GRID == 8
    assert theme.MARGIN % theme.GRID == 0
    assert theme.RAIL % theme.GRID == 0
