"""Files with a sentence each: what could not be read, what was passed over, what the scan noted."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cnngui.gui import text, theme

_Index = QModelIndex | QPersistentModelIndex
_REASON_ROLE = Qt.ItemDataRole.UserRole + 1

_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft

Line = tuple[str, str]  # (file or "", sentence)


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own default
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        path, reason = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text.shown(path)
        if role == _REASON_ROLE:
            return reason
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{text.shown(path)}\n{reason}".strip()
        return None


class _Delegate(QStyledItemDelegate):
    _SIDE, _TOP = 12, 8

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        width = self._view.viewport().width()
        room = QRect(0, 0, width - 2 * self._SIDE, 10_000)
        sentence = QFontMetrics(theme.font(13)).boundingRect(room, _WRAPPED, str(index.data(_REASON_ROLE)))
        name = QFontMetrics(theme.font(theme.BODY)).height() + 2 if index.data() else 0
        return QSize(width, sentence.height() + name + 2 * self._TOP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        whole: QRect = option.rect
        state: QStyle.StateFlag = option.state
        cell = whole.adjusted(self._SIDE, self._TOP, -self._SIDE, -self._TOP)
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("tint"))
            painter.drawRoundedRect(whole, theme.RADIUS, theme.RADIUS)
        path, reason = str(index.data()), str(index.data(_REASON_ROLE))
        if path:
            face = theme.font(theme.BODY, theme.MEDIUM)
            painter.setFont(face)
            painter.setPen(theme.colour("text"))
            words = theme.elide(path, face, cell.width(), middle=True)
            painter.drawText(cell, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, words)
            cell.setTop(cell.top() + painter.fontMetrics().height() + 2)
        painter.setFont(theme.font(13))
        painter.setPen(theme.colour("soft" if path else "text"))
        painter.drawText(cell, _WRAPPED, reason)
        painter.restore()


class ReasonList(QListView):
    """Lines of a file and its sentence; a line may have no file. Long sentences wrap."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._lines = _Model(self)
        self.setModel(self._lines)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(name)
        self.setAcceptDrops(False)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        theme.in_use.changed.connect(self._repaint)

    def show_lines(self, lines: Sequence[Line]) -> None:
        self._lines.show(lines)

    def lines(self) -> Sequence[Line]:
        return self._lines.lines

    def _repaint(self) -> None:
        self.viewport().update()
