"""What the grid of pictures and the cards of answers share: equal cells, each with a picture in it."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from cnngui.engine.spec import ImageSpec
from cnngui.gui import theme
from cnngui.gui.widgets import paint
from cnngui.gui.widgets.basic import keep_scroll_bar
from cnngui.gui.widgets.thumbnails import Thumbnails

Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """Paints the cells of a PictureCells; a subclass says how one looks in `paint`."""

    def __init__(self, view: QListView, thumbnails: Thumbnails, frames: bool) -> None:
        """`frames`: whether whole pictures are shown, with the frame of what the network sees."""
        super().__init__(view)
        self._view = view
        self._thumbnails = thumbnails
        self.frames = frames
        self.spec: ImageSpec | None = None

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return self._view.gridSize()

    def paint_picture(self, painter: QPainter, where: QRectF, path: str, ground: bool) -> None:
        """The picture's middle; or the whole of it with the frame, on a `ground` that fills `where`."""
        pixmap = self._thumbnails.get(path)
        if pixmap is None:
            icon = "unreadable" if self._thumbnails.problem(path) else ""
            paint.placeholder(painter, where, theme.RADIUS, icon)
        elif self.frames:
            if ground:
                paint.placeholder(painter, where, theme.RADIUS)
            paint.frame(painter, paint.whole(painter, pixmap, where, 4), pixmap, self.spec, 4)
        else:
            paint.filled(painter, pixmap, where, theme.RADIUS)


class PictureCells(QListView):
    """Rows of equal cells that fill the width. `opened(row)` on a double click, Return or Space."""

    opened = Signal(int)

    def __init__(self, name: str, model: QAbstractItemModel, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName(name)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_scroll_bar(self)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAcceptDrops(False)  # the window takes every drop
        self.activated.connect(lambda index: self.opened.emit(index.row()))
        thumbnails.arrived.connect(self._repaint)
        theme.in_use.changed.connect(self._repaint)
        self._fit()

    def cell(self, room: int) -> QSize:
        """How large a cell is where a row has `room` pixels."""
        raise NotImplementedError

    def show_frames(self, on: bool, spec: ImageSpec | None) -> None:
        """Show the whole pictures with the frame of what a network of `spec` sees, or their middles."""
        delegate = self.itemDelegate()
        assert isinstance(delegate, CellDelegate)
        delegate.frames, delegate.spec = on, spec
        self._repaint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.setCurrentIndex(self.currentIndex())  # Qt does not select it: nobody would see where one is

    def _fit(self) -> None:
        self.setGridSize(self.cell(self.viewport().width() - 1))

    def _repaint(self, _path: str = "") -> None:
        self.viewport().update()
