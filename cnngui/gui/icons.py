"""Icons from the shipped SVG files, in the colour of a ink and sharp at every pixel density."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from cnngui import resources
from cnngui.gui import theme


def draw(painter: QPainter, name: str, where: QRectF, ink: str) -> None:
    """Draw the icon `name` into `where` in the colour of a palette ink."""
    _renderer(name, str(getattr(theme.now(), ink))).render(painter, where)


def icon(name: str, ink: str = "soft", size: int = 20, beside: int = 0) -> QIcon:
    """The icon for a button, with `beside` pixels of nothing on its right. Made in the palette of this
    moment: make it anew when the palette changes."""
    result = QIcon()
    for density in (1, 2, 3):
        pixmap = QPixmap((size + beside) * density, size * density)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        draw(painter, name, QRectF(0, 0, size * density, size * density), ink)
        painter.end()
        pixmap.setDevicePixelRatio(density)
        result.addPixmap(pixmap)
    return result


def application_icon() -> QIcon:
    """The program's own icon, at every size a desktop asks for."""
    renderer = QSvgRenderer(str(resources.path("icons", "cnngui.svg")))
    result = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256, 512):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        result.addPixmap(pixmap)
    return result


@cache
def _renderer(name: str, hexadecimal: str) -> QSvgRenderer:
    text = resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(text.replace("currentColor", hexadecimal).encode()))
