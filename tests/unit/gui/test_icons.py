"""The shipped icons: every name that is asked for exists, every file is used, and they take any colour."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from cnngui import resources
from cnngui.gui import icons, theme
from cnngui.gui.pages import PAGES

GUI = Path(theme.__file__).parent
FILES = sorted(path.stem for path in resources.path("icons").glob("*.svg"))


def test_every_file_is_used_somewhere() -> None:
    source = "\n".join(file.read_text(encoding="utf-8") for file in GUI.rglob("*.py"))
    unused = [name for name in FILES if f'"{name}"' not in source and f"{name}.svg" not in source]
    assert not unused


def test_every_page_has_its_icon() -> None:
    assert {page.icon for page in PAGES} <= set(FILES)


@pytest.mark.parametrize("name", [name for name in FILES if name != "cnngui"])
def test_an_icon_is_drawn_in_the_colour_of_the_token(qapp: object, name: str) -> None:
    image = QImage(48, 48, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    icons.draw(painter, name, QRectF(0, 0, 48, 48), "accent")
    painter.end()
    drawn = [image.pixelColor(x, y) for x in range(48) for y in range(48)]
    full = [colour for colour in drawn if colour.alpha() == 255]
    assert len(full) > 20
    accent = QColor(theme.now().accent)
    for colour in full:  # crossing lines are blended, which rounds
        assert abs(colour.red() - accent.red()) <= 2
        assert abs(colour.green() - accent.green()) <= 2
        assert abs(colour.blue() - accent.blue()) <= 2


def test_icons_are_plain_lines_on_one_grid() -> None:
    for name in FILES:
        text = resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")
        if name != "cnngui":
            assert 'viewBox="0 0 24 24"' in text
            assert not re.findall(r"#[0-9a-f]{3,6}", text), name


def test_the_application_icon_has_every_size(qapp: object) -> None:
    sizes = {size.width() for size in icons.application_icon().availableSizes()}
    assert {16, 32, 64, 256} <= sizes
