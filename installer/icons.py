"""Render the program's icon for every system: python -m installer.icons FOLDER

hicolor/<size>/apps/cnngui.png and scalable/apps/cnngui.svg for Linux, cnngui.ico for Windows, cnngui.icns for
macOS, all from resources/icons/cnngui.svg. In an environment that holds cnngui.
"""

import shutil
import sys
from pathlib import Path

SVG = Path(__file__).resolve().parents[1] / "resources" / "icons" / "cnngui.svg"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def main(folder: Path) -> None:
    from PIL import Image
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication([])
    renderer = QSvgRenderer(str(SVG))
    for size in (*SIZES, 1024):
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        file = folder / "hicolor" / f"{size}x{size}" / "apps" / "cnngui.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        image.save(str(file))
    application.shutdown()
    largest = folder / "hicolor" / "1024x1024"
    picture = Image.open(largest / "apps" / "cnngui.png")
    picture.save(folder / "cnngui.ico", sizes=[(size, size) for size in SIZES if size <= 256])
    picture.save(folder / "cnngui.icns")
    shutil.rmtree(largest)  # no desktop asks for it
    scalable = folder / "hicolor" / "scalable" / "apps"
    scalable.mkdir(parents=True, exist_ok=True)
    shutil.copy(SVG, scalable / "cnngui.svg")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
