"""A card per picture: the picture with what the network sees of it, the answer, and bars."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from cnngui.data.index import Unreadable
from cnngui.engine.results import Prediction
from cnngui.gui import text, theme
from cnngui.gui.text import tr
from cnngui.gui.widgets import paint
from cnngui.gui.widgets.answers import ANSWER_ROLE, AnswersModel, strange
from cnngui.gui.widgets.basic import ring
from cnngui.gui.widgets.picture_cells import CellDelegate, Index, PictureCells
from cnngui.gui.widgets.thumbnails import Thumbnails

_LEAST = 340  # the narrowest card
_PICTURE = 144
_BARS = 3
_HIGH = _PICTURE + 2 * theme.GAP + theme.GAP  # with the distance to the next card


class _Delegate(CellDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        answer: Prediction | Unreadable = index.data(ANSWER_ROLE)
        card = QRectF(option.rect).adjusted(0.5, 0.5, -theme.GAP - 0.5, -theme.GAP - 0.5)
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(card, theme.RADIUS_CARD, theme.RADIUS_CARD)
        if state & QStyle.StateFlag.State_Selected:
            ring(painter, card.adjusted(1, 1, -1, -1), theme.RADIUS_CARD)
        inner = card.adjusted(theme.GAP, theme.GAP, -theme.GAP, -theme.GAP)
        picture = QRectF(inner.left(), inner.top(), _PICTURE, _PICTURE)
        words = inner.adjusted(_PICTURE + theme.GAP, 0, 0, 0)
        if isinstance(answer, Unreadable):
            paint.placeholder(painter, picture, theme.RADIUS, "unreadable")
            _paint_unreadable(painter, words, answer)
        else:
            self.paint_picture(painter, picture, answer.path, ground=True)
            _paint_answer(painter, words, answer)
        painter.restore()


def _paint_name(painter: QPainter, where: QRectF, path: str) -> None:
    face = theme.font(theme.CAPTION)
    painter.setFont(face)
    painter.setPen(theme.colour("faint"))
    name = theme.elide(text.shown(Path(path).name), face, int(where.width()), middle=True)
    painter.drawText(where, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, name)


def _paint_answer(painter: QPainter, where: QRectF, answer: Prediction) -> None:
    _paint_name(painter, where, answer.path)
    line = QRectF(where.left(), where.top() + 18, where.width(), 26)
    if answer.sure:
        face = theme.font(theme.LEAD, theme.SEMIBOLD)
        painter.setFont(face)
        painter.setPen(theme.colour("text"))
        words = theme.elide(text.shown(answer.label), face, int(line.width()))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
    else:
        paint_not_sure(painter, line, answer)
    bars = _BARS if answer.familiar else _BARS - 1  # the reason takes the room of one
    room = QRectF(
        where.left(), where.bottom() + 3 - bars * paint.BAR_ROW, where.width(), bars * paint.BAR_ROW
    )
    paint.bars(painter, room, answer.top, answer.sure, bars)


def paint_not_sure(painter: QPainter, line: QRectF, answer: Prediction) -> None:
    """The words "Not sure" on a tinted ground at the left of `line`, and below it why, where it is for more
    than want of probability."""
    words = tr("Not sure")
    below = QRectF(line.left(), line.bottom(), line.width(), reason_height(answer, line.width()))
    painter.setFont(theme.font(theme.CAPTION))
    painter.setPen(theme.colour("soft"))
    painter.drawText(below, Qt.TextFlag.TextWordWrap, strange(answer))
    painter.setFont(theme.font(13, theme.SEMIBOLD))
    width = painter.fontMetrics().horizontalAdvance(words) + 16
    pill = QRectF(line.left(), line.top() + 1, width, 24)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("warn_tint"))
    painter.drawRoundedRect(pill, 12, 12)
    painter.setPen(theme.colour("warn"))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)


def reason_height(answer: Prediction, width: float) -> float:
    """How high the reason is that `paint_not_sure` gives; 0 without one."""
    reason = strange(answer)
    if not reason:
        return 0.0  # Qt gives no words the height of a line
    metrics = QFontMetricsF(theme.font(theme.CAPTION))
    return metrics.boundingRect(QRectF(0, 0, width, 0), Qt.TextFlag.TextWordWrap, reason).height()


def _paint_unreadable(painter: QPainter, where: QRectF, answer: Unreadable) -> None:
    _paint_name(painter, where, answer.path)
    painter.setFont(theme.font(theme.LEAD, theme.SEMIBOLD))
    painter.setPen(theme.colour("text"))
    line = QRectF(where.left(), where.top() + 18, where.width(), 26)
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, tr("Cannot be read"))
    painter.setFont(theme.font(13))
    painter.setPen(theme.colour("soft"))
    painter.drawText(where.adjusted(0, 50, 0, 0), Qt.TextFlag.TextWordWrap, text.shown(answer.reason))


class AnswerCards(PictureCells):
    """A card for each answer."""

    def __init__(self, model: AnswersModel, thumbnails: Thumbnails) -> None:
        super().__init__(tr("Answers"), model, thumbnails)
        self.setItemDelegate(_Delegate(self, thumbnails, frames=True))

    def cell(self, room: int) -> QSize:
        return QSize(room // max(1, room // (_LEAST + theme.GAP)), _HIGH)
