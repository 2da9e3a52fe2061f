"""The answers as a model for both views: rows to look at as cards, columns to sort as a table."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cnngui.data.index import Unreadable
from cnngui.engine.results import Prediction
from cnngui.gui import text
from cnngui.gui.classifying import Answer, Classifying
from cnngui.gui.text import tr

_Index = QModelIndex | QPersistentModelIndex
ANSWER_ROLE = Qt.ItemDataRole.UserRole + 1
PICTURE, LABEL, PROBABILITY, SECOND, SURE = range(5)


class AnswersModel(QAbstractTableModel):
    """Rows in the order of arrival until `sort` is called; rows that come later are put last."""

    def __init__(self, classifying: Classifying, parent: QObject) -> None:
        super().__init__(parent)
        self._source = classifying
        self._order: list[int] = list(range(len(classifying.rows)))
        classifying.grew.connect(self._grow)
        classifying.cleared.connect(self._clear)

    def answer(self, row: int) -> Answer:
        return self._source.rows[self._order[row]]

    def row(self, number: int) -> int:
        """Where the answer stands that arrived as `number`."""
        return self._order.index(number)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own default
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own default
        return 0 if parent.isValid() else 5

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (tr("Picture"), tr("Answer"), tr("Probability"), tr("Next best"), tr("Sure"))[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        answer = self.answer(index.row())
        if role == ANSWER_ROLE:
            return answer
        if role == Qt.ItemDataRole.DisplayRole:
            return _cell(answer, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(answer)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(answer) if index.column() == PICTURE else _cell(answer, index.column())
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; unreadable pictures come last whichever way. -1: the order of arrival."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [self._order[index.row()] for index in before]
        down = order == Qt.SortOrder.DescendingOrder
        self._order.sort()
        if column >= 0:
            key = _KEYS[column]
            self._order.sort(key=lambda number: key(self._source.rows[number]), reverse=down)
            self._order.sort(key=lambda number: isinstance(self._source.rows[number], Unreadable))
        place = {number: row for row, number in enumerate(self._order)}
        self.changePersistentIndexList(
            before, [self.index(place[n], old.column()) for n, old in zip(kept, before, strict=True)]
        )
        self.layoutChanged.emit()

    def _grow(self, first: int, last: int) -> None:
        self.beginInsertRows(QModelIndex(), first, last)
        self._order.extend(range(first, last + 1))
        self.endInsertRows()

    def _clear(self) -> None:
        self.beginResetModel()
        self._order.clear()
        self.endResetModel()


def spoken(answer: Answer) -> str:
    """An answer in one line, as a screen reader says it."""
    name = text.shown(Path(answer.path).name)
    if isinstance(answer, Unreadable):
        return tr("{0}: cannot be read. {1}").format(name, answer.reason)
    words = tr("{0}: {1}, {2}") if answer.sure else tr("{0}: not sure, perhaps {1}, {2}")
    if not answer.familiar:
        words = tr("{0}: not sure, unlike anything it was trained on; perhaps {1}, {2}")
    return words.format(name, answer.label, text.percent(answer.probability))


def strange(answer: Prediction) -> str:
    """Why a probability does not count, however high it is; "" where it does."""
    return "" if answer.familiar else tr("Unlike anything it was trained on")


def _tip(answer: Answer) -> str:
    if isinstance(answer, Unreadable):
        return answer.reason
    return "\n".join(filter(None, (text.shown(answer.path), strange(answer))))


def _cell(answer: Answer, column: int) -> str:
    if column == PICTURE:
        return text.shown(Path(answer.path).name)
    if isinstance(answer, Unreadable):
        return answer.reason if column == LABEL else ""
    if column == LABEL:
        return answer.label
    if column == PROBABILITY:
        return text.percent(answer.probability, 1)
    if column == SECOND:
        second = answer.top[1:2]
        return f"{second[0].label} · {text.percent(second[0].probability)}" if second else ""
    if not answer.familiar:
        return tr("Not sure: unlike anything it was trained on")
    return tr("Yes") if answer.sure else tr("Not sure")


def _by_second(answer: Answer) -> tuple[str, float]:
    if isinstance(answer, Unreadable) or len(answer.top) < 2:
        return ("", 0.0)
    return (answer.top[1].label.casefold(), answer.top[1].probability)


_KEYS: tuple[Callable[[Answer], tuple[str, float]], ...] = (
    lambda answer: (Path(answer.path).name.casefold(), 0.0),
    lambda answer: (
        ("", 0.0) if isinstance(answer, Unreadable) else (answer.label.casefold(), -answer.probability)
    ),
    lambda answer: ("", 0.0 if isinstance(answer, Unreadable) else answer.probability),
    _by_second,
    lambda answer: ("", 0.0 if isinstance(answer, Unreadable) else float(answer.sure)),
)
