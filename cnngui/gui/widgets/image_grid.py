"""A grid of pictures that stays smooth with 100,000 of them: only what is seen is ever decoded."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cnngui.data.index import DatasetIndex, Record
from cnngui.engine.spec import ImageSpec
from cnngui.gui import text, theme
from cnngui.gui.widgets import paint
from cnngui.gui.widgets.basic import ring
from cnngui.gui.widgets.thumbnails import Thumbnails

_Index = QModelIndex | QPersistentModelIndex
PATH_ROLE = Qt.ItemDataRole.UserRole + 1
CELL = 136  # about how wide a cell is; the exact width fills the row


class PictureModel(QAbstractListModel):
    """The chosen records of an index, one row each."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._index: DatasetIndex | None = None
        self._chosen: Sequence[int] = ()

    def show(self, index: DatasetIndex | None, chosen: Sequence[int]) -> None:
        """Show the records of `index` at the positions `chosen`."""
        self.beginResetModel()
        self._index, self._chosen = index, chosen
        self.endResetModel()

    def record(self, row: int) -> Record:
        assert self._index is not None
        return self._index.records[self._chosen[row]]

    def file(self, row: int) -> Path:
        assert self._index is not None
        return self._index.file(self.record(row))

    def class_name(self, row: int) -> str:
        assert self._index is not None
        label = self.record(row).label
        return self._index.classes[label] if label >= 0 else ""

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own default
        return 0 if parent.isValid() else len(self._chosen)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = index.row()
        if role == PATH_ROLE:
            return str(self.file(row))
        if role == Qt.ItemDataRole.DisplayRole:
            return text.shown(Path(self.record(row).path).name)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{self.class_name(row)} · {text.shown(self.record(row).path)}"
        return None


class PictureDelegate(QStyledItemDelegate):
    """Paints a cell: the picture's middle, or the whole with the frame of what the network sees."""

    def __init__(self, thumbnails: Thumbnails, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._thumbnails = thumbnails
        self.frames = False
        self.spec: ImageSpec | None = None

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return self._view.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell = QRectF(option.rect).adjusted(4, 4, -4, -4)
        path = str(index.data(PATH_ROLE))
        pixmap = self._thumbnails.get(path)
        if pixmap is None:
            icon = "unreadable" if self._thumbnails.problem(path) else ""
            paint.placeholder(painter, cell, 8, icon)
        elif self.frames:
            paint.frame(painter, paint.whole(painter, pixmap, cell, 4), pixmap, self.spec, 4)
        else:
            paint.filled(painter, pixmap, cell, 8)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            ring(painter, cell.adjusted(-2, -2, 2, 2), 10)
        painter.restore()


class PictureGrid(QListView):
    """`opened(row)` on a double click, Return or Space."""

    opened = Signal(int)

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.pictures = PictureModel(self)
        self._delegate = PictureDelegate(thumbnails, self)
        self.setModel(self.pictures)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Pictures"))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAcceptDrops(False)  # the window takes every drop
        self.activated.connect(lambda index: self.opened.emit(index.row()))
        thumbnails.arrived.connect(self._repaint)
        theme.in_use.changed.connect(self._repaint)
        self._fit()

    def show_frames(self, on: bool, spec: ImageSpec | None) -> None:
        """Show the whole pictures with the frame of what a network of `spec` sees, or their middles."""
        self._delegate.frames, self._delegate.spec = on, spec
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        room = self.viewport().width() - 1
        columns = max(1, room // CELL)
        self.setGridSize(QSize(room // columns, room // columns))

    def _repaint(self, _path: str = "") -> None:
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(4 * CELL, 3 * CELL)
