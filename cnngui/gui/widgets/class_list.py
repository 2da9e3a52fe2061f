"""The classes of a data set with their counts, and below them what else the scan found."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cnngui.gui import icons, text, theme
from cnngui.gui.widgets.basic import ring

_Index = QModelIndex | QPersistentModelIndex
_ROW_ROLE = Qt.ItemDataRole.UserRole + 1

RowKind = Literal["all", "class", "heading", "pitfalls", "suspects", "notes", "unreadable", "ignored"]
_ICONS: dict[RowKind, str] = {
    "pitfalls": "pitfalls",
    "suspects": "images",
    "notes": "notes",
    "unreadable": "unreadable",
    "ignored": "info",
}


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of the list. `number` is the class's; `share` of the largest class fills its bar."""

    kind: RowKind
    name: str
    count: int = 0
    number: int = -1
    share: float = 0.0


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[ListRow, ...] = ()

    def show(self, rows: tuple[ListRow, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if self.rows[index.row()].kind == "heading":
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == _ROW_ROLE:
            return row
        if (
            role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
            and row.kind != "heading"
        ):
            return f"{row.name}, {text.number(row.count)}"
        return None


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        row: ListRow = index.data(_ROW_ROLE)
        return QSize(160, 44 if row.kind != "heading" else 48)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row: ListRow = index.data(_ROW_ROLE)
        state = option.state
        cell = QRectF(option.rect).adjusted(0, 1, 0, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.kind == "heading":
            painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD))
            painter.setPen(theme.colour("soft"))
            words = cell.adjusted(12, 20, -12, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, row.name)
        else:
            self._paint_row(painter, cell, row, state)
        painter.restore()

    def _paint_row(self, painter: QPainter, cell: QRectF, row: ListRow, state: QStyle.StateFlag) -> None:
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.colour("tint" if chosen else "hover"))
            painter.drawRoundedRect(cell, theme.RADIUS, theme.RADIUS)
        line = cell.adjusted(12, 0, -12, -8 if row.kind == "class" else 0)
        figures = theme.font(13, theme.REGULAR, figures=True)
        painter.setFont(figures)
        count = text.number(row.count)
        painter.setPen(theme.colour("soft"))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        room = line.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(count) - 12, 0)
        if icon := _ICONS.get(row.kind, ""):
            ink = "warn" if row.kind in ("pitfalls", "suspects", "unreadable") else "soft"
            icons.draw(painter, icon, QRectF(room.left(), room.center().y() - 9, 18, 18), ink)
            room.setLeft(room.left() + 28)
        face = theme.font(theme.BODY, theme.MEDIUM)
        painter.setFont(face)
        painter.setPen(theme.colour("text"))
        words = theme.elide(row.name, face, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        if row.kind == "class":
            track = QRectF(line.left(), cell.bottom() - 10, line.width(), 4)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("surface" if chosen else "sunken"))
            painter.drawRoundedRect(track, 2, 2)
            track.setWidth(max(4.0, track.width() * row.share))
            painter.setBrush(theme.colour("accent" if chosen else "bar"))
            painter.drawRoundedRect(track, 2, 2)
        if chosen and state & QStyle.StateFlag.State_HasFocus:
            ring(painter, cell.adjusted(1, 1, -1, -1), theme.RADIUS)


class ClassList(QListView):
    """`chosen(row)` with a ListRow when the person picks one."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._rows = _Model(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(self))
        self.setMouseTracking(True)
        self.setAcceptDrops(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(self.tr("Classes and findings of the scan"))
        self.selectionModel().currentChanged.connect(self._choose)
        theme.in_use.changed.connect(self._repaint)

    def show_rows(self, rows: tuple[ListRow, ...]) -> None:
        """Show `rows` and choose the first."""
        self._rows.show(rows)
        if rows:
            self.choose(0)

    def add_rows(self, rows: tuple[ListRow, ...]) -> None:
        """Show `rows`, which begin with those shown: what was chosen stays so, and is not told again."""
        number = self.currentIndex().row()
        blocked = self.blockSignals(True)
        self._rows.show(rows)
        self.choose(max(0, number))
        self.blockSignals(blocked)

    def rows(self) -> tuple[ListRow, ...]:
        return self._rows.rows

    def choose(self, number: int) -> None:
        """Choose a row as if it had been clicked."""
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(self._rows.index(number, 0), flag)

    def _choose(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self._rows.rows[current.row()])

    def _repaint(self) -> None:
        self.viewport().update()
