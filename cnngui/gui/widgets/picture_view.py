"""One picture, large, with the frame of what the network sees."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnngui.engine.spec import ImageSpec
from cnngui.gui import theme
from cnngui.gui.widgets import paint


class PictureView(QWidget):
    """Shows a pixmap whole, as large as there is room but never larger than four times its pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Picture"))
        self._pixmap: QPixmap | None = None
        self._spec: ImageSpec | None = None
        self._frame = False
        self._icon = ""
        theme.in_use.changed.connect(self.update)

    def show_picture(self, pixmap: QPixmap | None, name: str, icon: str = "") -> None:
        """Show `pixmap`; without one a placeholder, with `icon` in it if there never will be one."""
        self._pixmap, self._icon = pixmap, icon
        self.setAccessibleName(self.tr("Picture {0}").format(name))
        self.update()

    def show_frame(self, on: bool, spec: ImageSpec | None) -> None:
        self._frame, self._spec = on, spec
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, 360)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect())
        if self._pixmap is None:
            paint.placeholder(painter, room, 8, self._icon)
            return
        largest = QRectF(0, 0, self._pixmap.width() * 4, self._pixmap.height() * 4)
        largest.moveCenter(room.center())
        room &= largest
        room.moveTop(0)
        place = paint.fitted(self._pixmap.width(), self._pixmap.height(), room)
        place.moveTop(0)  # in line with what stands beside it
        paint.whole(painter, self._pixmap, place, 8)
        if self._frame:
            paint.frame(painter, place, self._pixmap, self._spec, 8)
