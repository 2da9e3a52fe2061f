"""Fields to choose in, all alike: `chosen()` is the value, `choose(value)` sets it, `words()` says it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QListView,
    QSpinBox,
    QWidget,
)

from cnngui.gui import theme
from cnngui.gui.planning import Value
from cnngui.gui.text import tr
from cnngui.gui.widgets.basic import Switch, column, holder, label

_DIGITS = 5  # decimal places that a number can have


class Choice(QComboBox):
    """One of a few things. None is a value like any other."""

    picked = Signal()

    def __init__(self, items: Iterable[tuple[str, Value]]) -> None:
        super().__init__()
        self.setView(QListView())  # the one that comes with it takes no height from the style sheet
        # Long entries must not decide how wide the page is.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.show_items(items)
        self.currentIndexChanged.connect(self.picked)

    def show_items(self, items: Iterable[tuple[str, Value]]) -> None:
        """Offer other things; what was chosen stays so where it is still there."""
        chosen = self.chosen() if self.count() else ...
        self.blockSignals(True)
        self.clear()
        for words, value in items:
            self.addItem(words, value)
        if chosen is not ...:
            self.choose(chosen)
        self.blockSignals(False)

    def chosen(self) -> Value:
        value: Value = self.currentData()
        return value

    def choose(self, value: Value) -> None:
        values = [self.itemData(at) for at in range(self.count())]
        self.setCurrentIndex(values.index(value) if value in values else 0)

    def words(self) -> str:
        return self.currentText()


class Whole(QSpinBox):
    """A whole number; with `automatic`, words for it, the lowest one means None."""

    picked = Signal()

    def __init__(self, low: int, high: int, step: int = 1, automatic: str = "", parts: int = 1) -> None:
        """`parts`: how many make a whole, 100 for per cent."""
        super().__init__()
        self._parts = parts
        self._open = bool(automatic)
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setSpecialValueText(automatic)
        self.valueChanged.connect(self.picked)

    def chosen(self) -> Value:
        if self._open and self.value() == self.minimum():
            return None
        return self.value() if self._parts == 1 else self.value() / self._parts

    def choose(self, value: Value) -> None:
        self.setValue(round(value * self._parts) if isinstance(value, int | float) else self.minimum())

    def words(self) -> str:
        return self.text()


class Decimal(QDoubleSpinBox):
    """A number; with `automatic`, words for it, one below the lowest means None."""

    picked = Signal()

    def __init__(self, low: float, high: float, step: float, automatic: str = "") -> None:
        super().__init__()
        self._low, self._open = low, bool(automatic)
        self.setDecimals(_DIGITS)
        self.setRange(low - 10.0**-_DIGITS if automatic else low, high)
        self.setSingleStep(step)
        self.setSpecialValueText(automatic)
        self.valueChanged.connect(self.picked)

    def chosen(self) -> Value:
        return None if self._open and self.value() < self._low else self.value()

    def choose(self, value: Value) -> None:
        self.setValue(value if isinstance(value, int | float) else self.minimum())

    def words(self) -> str:
        return self.text()

    def textFromValue(self, value: float) -> str:
        return self.locale().toString(value, "g", _DIGITS + 1)  # 0.1 and not 0.10000

    def stepBy(self, steps: int) -> None:
        if steps > 0 and self.chosen() is None:
            self.setValue(self._low)  # the step after "automatic" is the lowest number
        else:
            super().stepBy(steps)


class Toggle(Switch):
    """On or off."""

    picked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.toggled.connect(self.picked)

    def chosen(self) -> Value:
        return self.isChecked()

    def choose(self, value: Value) -> None:
        self.setChecked(bool(value))

    def words(self) -> str:
        return tr("on") if self.isChecked() else tr("off")


Field = Choice | Whole | Decimal | Toggle


@dataclass(frozen=True, slots=True)
class Row:
    """A field, what it is called, and what it does in a sentence."""

    name: str
    title: str
    field: Field
    about: str | QLabel


class Form(QWidget):
    """Rows in two columns, each a title, its field and its sentence. `changed`: a field says something else.

    What the fields say when they are laid out are the defaults.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "clear")
        self.rows: dict[str, Row] = {}
        self.defaults: dict[str, Value] = {}
        self._cells: dict[str, QWidget] = {}
        self._shown: tuple[str, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(4 * theme.GRID)
        self._grid.setVerticalSpacing(3 * theme.GRID)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)

    def lay_out(self, rows: Iterable[Row]) -> None:
        """Make the form of `rows`; called once."""
        self.rows = {row.name: row for row in rows}
        self.defaults = self.values()
        self._cells = {name: self._cell(row) for name, row in self.rows.items()}
        self.leave_out(frozenset())

    def values(self) -> dict[str, Value]:
        """What every field says, by name."""
        return {name: row.field.chosen() for name, row in self.rows.items()}

    def differing(self) -> dict[str, str]:
        """What is not as it was at first: the names, each with title and value in words."""
        values = self.values()
        return {
            name: f"{row.title}: {row.field.words()}"
            for name, row in self.rows.items()
            if values[name] != self.defaults[name]
        }

    def show_values(self, values: Mapping[str, Value]) -> None:
        """Put the fields to `values`, and those that it does not name to their defaults."""
        self.blockSignals(True)
        for name, row in self.rows.items():
            row.field.choose(values.get(name, self.defaults[name]))
        self.blockSignals(False)
        self.changed.emit()

    def leave_out(self, names: frozenset[str]) -> None:
        """Show the rows that `names` does not hold."""
        shown = tuple(name for name in self.rows if name not in names)
        if shown == self._shown:
            return
        self._shown = shown
        for cell in self._cells.values():
            self._grid.removeWidget(cell)
        for place, name in enumerate(shown):
            self._grid.addWidget(self._cells[name], place // 2, place % 2)
        for name, cell in self._cells.items():  # not before it has its place: it would be a window of its own
            cell.setVisible(name in shown)

    def shown(self) -> tuple[str, ...]:
        """The names of the rows that are shown."""
        return self._shown

    def _cell(self, row: Row) -> QWidget:
        field = row.field
        sentence = label(row.about, "caption", wrap=True) if isinstance(row.about, str) else row.about
        sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        title = label(row.title, "strong")
        title.setBuddy(field)
        field.setAccessibleName(row.title)
        field.setAccessibleDescription(sentence.text())
        field.picked.connect(self.changed)
        layout = column(title, spacing=theme.HALF)
        if isinstance(field, Toggle):
            layout.addWidget(field, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            field.installEventFilter(self)
            field.setFixedHeight(theme.CONTROL)
            field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            layout.addWidget(field)
        if isinstance(field, Choice):
            field.view().setAccessibleName(row.title)
        layout.addWidget(sentence)
        layout.addStretch(1)
        return holder(layout)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A wheel turned to scroll the page must not change a field on its way; and words such as “Automatic”
        are selected by a click, so that a number can be typed in their place."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QAbstractSpinBox):
            QTimer.singleShot(0, watched, watched.selectAll)
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False
