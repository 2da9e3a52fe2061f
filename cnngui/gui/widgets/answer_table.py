"""The answers as a table to sort: a small picture, the class, its probability with a bar, the runner-up."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from cnngui.data.index import Unreadable
from cnngui.engine.results import Prediction
from cnngui.gui import text, theme
from cnngui.gui.widgets import paint
from cnngui.gui.widgets.answer_cards import paint_not_sure, reason_height
from cnngui.gui.widgets.answers import ANSWER_ROLE, LABEL, PICTURE, PROBABILITY, SURE, AnswersModel
from cnngui.gui.widgets.basic import keep_scroll_bar
from cnngui.gui.widgets.thumbnails import Thumbnails

_Index = QModelIndex | QPersistentModelIndex
_HIGH = 60
_SHARES = (0.27, 0.16, 0.165, 0.21, 0.195)  # of the width, for each column
_LINES = 3  # of words that a row has room for
_NUMBER, _SHORTEST = 56.0, 24.0  # pixels of a probability, and of the shortest bar beside it
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: QTableView, thumbnails: Thumbnails) -> None:
        super().__init__(view)
        self._view = view
        self._thumbnails = thumbnails

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        answer: Prediction | Unreadable = index.data(ANSWER_ROLE)
        whole = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(whole, theme.colour("tint"))
        painter.setPen(theme.colour("line"))
        painter.drawLine(whole.bottomLeft(), whole.bottomRight())
        cell = whole.adjusted(theme.GRID, 0, -theme.GRID, 0)
        if index.column() == PICTURE:
            _paint_words(painter, self._paint_thumbnail(painter, cell, answer), index)
        elif isinstance(answer, Unreadable):
            self._paint_reason(painter, whole, answer)
        elif index.column() == PROBABILITY:
            _paint_words(painter, _paint_bar(painter, cell, answer), index)
        elif index.column() == SURE and not answer.sure:
            high = 26 + reason_height(answer, cell.width())
            paint_not_sure(
                painter, QRectF(cell.left(), cell.center().y() - high / 2, cell.width(), 26), answer
            )
        else:
            _paint_words(painter, cell, index)
        painter.restore()

    def _paint_thumbnail(self, painter: QPainter, cell: QRectF, answer: Prediction | Unreadable) -> QRectF:
        place = QRectF(cell.left(), cell.center().y() - 20, 40, 40)
        pixmap = None if isinstance(answer, Unreadable) else self._thumbnails.get(answer.path)
        if pixmap is None:
            paint.placeholder(painter, place, 6, "unreadable" if isinstance(answer, Unreadable) else "")
        else:
            paint.filled(painter, pixmap, place, 6)
        return cell.adjusted(40 + theme.GRID, 0, 0, 0)

    def _paint_reason(self, painter: QPainter, cell: QRectF, answer: Unreadable) -> None:
        """The part that lies in this cell of a sentence that runs through all but the first."""
        left, right = (float(self._view.columnViewportPosition(column)) for column in (LABEL, SURE))
        across = QRectF(left, cell.top(), right + self._view.columnWidth(SURE) - left, cell.height())
        painter.setClipRect(cell, Qt.ClipOperation.IntersectClip)
        face = theme.font(theme.BODY, theme.REGULAR)
        painter.setFont(face)
        painter.setPen(theme.colour("bad"))
        room = across.adjusted(theme.GRID, 0, -theme.GRID, 0)
        lines = theme.lines(text.shown(answer.reason), face, int(room.width()), _LINES)
        painter.drawText(room, _LEFT, "\n".join(lines))


def _paint_words(painter: QPainter, cell: QRectF, index: _Index) -> None:
    figures = index.column() == PROBABILITY
    face = theme.font(
        theme.BODY, theme.SEMIBOLD if index.column() == LABEL else theme.REGULAR, figures=figures
    )
    painter.setFont(face)
    painter.setPen(theme.colour("text" if index.column() in (PICTURE, LABEL, PROBABILITY) else "soft"))
    lines = theme.lines(text.shown(str(index.data())), face, int(cell.width()), _LINES)
    painter.drawText(cell, _LEFT, "\n".join(lines))


def _paint_bar(painter: QPainter, cell: QRectF, answer: Prediction) -> QRectF:
    """A short bar at the right of the number, where there is room for one; returns the number's room."""
    if cell.width() < _NUMBER + _SHORTEST:
        return cell
    track = QRectF(cell.left() + _NUMBER, cell.center().y() - 3, cell.width() - _NUMBER, 6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("sunken"))
    painter.drawRoundedRect(track, 3, 3)
    track.setWidth(max(6.0, track.width() * answer.probability))
    painter.setBrush(theme.colour("accent" if answer.sure else "warn"))
    painter.drawRoundedRect(track, 3, 3)
    return QRectF(cell.left(), cell.top(), _NUMBER, cell.height())


class AnswerTable(QTableView):
    """`opened(row)` on a double click or Return."""

    opened = Signal(int)

    def __init__(self, model: AnswersModel, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_Delegate(self, thumbnails))
        self.setAccessibleName(self.tr("Table of answers"))
        self.setShowGrid(False)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        keep_scroll_bar(self)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(False)
        self.setSortingEnabled(True)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(_LEFT)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setSortIndicatorClearable(True)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(_HIGH)
        self.activated.connect(lambda index: self.opened.emit(index.row()))
        thumbnails.arrived.connect(self._repaint)
        theme.in_use.changed.connect(self._repaint)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.viewport().width()
        for column, share in enumerate(_SHARES):
            self.setColumnWidth(column, int(room * share))

    def _repaint(self, _path: str = "") -> None:
        self.viewport().update()
