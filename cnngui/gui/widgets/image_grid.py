"""A grid of pictures that stays smooth with 100,000 of them: only what is seen is ever decoded."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from cnngui.data.index import DatasetIndex, Record
from cnngui.gui import text
from cnngui.gui.text import tr
from cnngui.gui.widgets.basic import ring
from cnngui.gui.widgets.picture_cells import CellDelegate, Index, PictureCells
from cnngui.gui.widgets.thumbnails import Thumbnails

PATH_ROLE = Qt.ItemDataRole.UserRole + 1
CELL = 136  # about how wide a cell is; the exact width fills the row


class PictureModel(QAbstractListModel):
    """The chosen records of an index, one row each."""

    def __init__(self) -> None:
        super().__init__()
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

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own default
        return 0 if parent.isValid() else len(self._chosen)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
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


class _Delegate(CellDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell = QRectF(option.rect).adjusted(4, 4, -4, -4)
        self.paint_picture(painter, cell, str(index.data(PATH_ROLE)), ground=False)
        if state & QStyle.StateFlag.State_Selected:
            ring(painter, cell.adjusted(-2, -2, 2, 2), 10)
        painter.restore()


class PictureGrid(PictureCells):
    """The pictures that `pictures.show` was given, square beside square."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        pictures = PictureModel()
        super().__init__(tr("Pictures"), pictures, thumbnails)
        self.pictures = pictures
        pictures.setParent(self)
        self.setItemDelegate(_Delegate(self, thumbnails, frames=False))

    def cell(self, room: int) -> QSize:
        side = room // max(1, room // CELL)
        return QSize(side, side)

    def sizeHint(self) -> QSize:
        return QSize(4 * CELL, 3 * CELL)
