"""Labels, buttons, cards and switches in the window's look."""

from typing import TypeVar

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cnngui.gui import icons, theme

_Box = TypeVar("_Box", bound=QBoxLayout)
_BETWEEN = " · "  # stands between the facts of a line


def label(text: str = "", role: str = "", wrap: bool = False) -> QLabel:
    """A label in one of the style sheet's roles: display, title, lead, strong, soft, caption, section."""
    result = _Wrapped(text) if wrap else QLabel(text)
    result.setProperty("role", role)
    result.setTextFormat(Qt.TextFormat.PlainText)  # a file name must never be taken for markup
    result.setWordWrap(wrap)
    return result


class _Wrapped(QLabel):
    """Wrapped text that no layout squeezes: once it has its width, it insists on the height that takes."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def setText(self, text: str) -> None:
        super().setText(text)
        if self.testAttribute(Qt.WidgetAttribute.WA_Resized):
            self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(0)  # a label never asks for less than its minimum
        self.setMinimumHeight(max(0, self.heightForWidth(self.width())))  # -1: no text


class Paragraph(QLabel):
    """Wrapped text of a fixed width, as high as it needs to be: in a layout that centres things Qt would
    give a wrapped label the height of one line."""

    def __init__(self, text: str, role: str, width: int) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setFixedWidth(width)
        self.setText(text)

    def hasHeightForWidth(self) -> bool:
        return False  # a layout would ask with its own width, not with this one

    def sizeHint(self) -> QSize:
        self.ensurePolished()  # the style sheet decides on the size of the letters
        return QSize(self.width(), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class ElidedLabel(QLabel):
    """One line that gives up its middle, or its end, when there is no room, and shows the whole in its
    tooltip. It takes all the room of its layout, or, if `natural`, only what it needs."""

    def __init__(self, text: str = "", role: str = "", middle: bool = True, natural: bool = False) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        wide = QSizePolicy.Policy.Maximum if natural else QSizePolicy.Policy.Ignored
        self.setSizePolicy(wide, QSizePolicy.Policy.Preferred)
        self._mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        self._whole = ""
        self.set_whole(text)

    def set_whole(self, text: str) -> None:
        self._whole = text
        self.updateGeometry()
        self.setAccessibleName(text)
        self._cut()

    def whole(self) -> str:
        return self._whole

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._cut()

    def _fitted(self) -> str:
        """What of the text can be shown."""
        return self.fontMetrics().elidedText(self._whole, self._mode, self.width())

    def _cut(self) -> None:
        text = self._fitted()
        if text != self.text():
            self.setText(text)
        self.setToolTip(self._whole if text != self._whole else "")


class Lines(ElidedLabel):
    """As many lines as it takes, up to `most`: broken between facts (one · two) rather than within one, and
    between words rather than within one."""

    def __init__(self, text: str = "", role: str = "", most: int = 3) -> None:
        self._most = most
        super().__init__(text, role, middle=False)

    def _fitted(self) -> str:
        lines: list[str] = []
        for fact in self._whole.split(_BETWEEN):
            longer = f"{lines[-1]}{_BETWEEN}{fact}" if lines else fact
            if lines and self.fontMetrics().horizontalAdvance(longer) <= self.width():
                lines[-1] = longer
            else:
                lines.append(fact)
        fitted: list[str] = []
        for place, line in enumerate(lines, 1):
            left = self._most - len(fitted) - (len(lines) - place)  # each of the others has one line at least
            fitted += theme.lines(line, self.font(), self.width(), max(1, left))
        return "\n".join(fitted)


class Button(QPushButton):
    """A button of one kind (primary, big, quiet, link or plain) whose icon follows the palette; a square
    where it has an icon alone."""

    def __init__(self, text: str, icon: str = "", kind: str = "", name: str = "", tip: str = "") -> None:
        super().__init__(text)
        self._icon = icon
        self._kind = kind
        self.setProperty("kind", kind)
        self.setAccessibleName(name or text)
        self.setToolTip(tip)
        # Reached with Tab, not taken by a click: the focus ring shows to who steers with the keyboard.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if icon:
            # Qt leaves 4 pixels between icon and text; the icon brings the other 4 of the grid itself.
            self.setIconSize(QSize(24 if text else 20, 20))
            self._tint()
            theme.in_use.changed.connect(self._tint)
        if not text and icon:
            self.setFixedWidth(theme.CONTROL)
            self.setStyleSheet("padding: 0")

    def set_icon(self, icon: str) -> None:
        self._icon = icon
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange and self._icon:
            self._tint()

    def _tint(self) -> None:
        ink = {"primary": "on_accent", "big": "on_accent", "link": "link"}.get(self._kind, "soft")
        ink = ink if self.isEnabled() else "faint"
        self.setIcon(icons.icon(self._icon, ink, beside=theme.HALF if self.text() else 0))


class IconText(QWidget):
    """A sentence with an icon before it."""

    def __init__(self, icon: str, ink: str = "soft", text: str = "", role: str = "soft") -> None:
        super().__init__()
        self._icon, self._ink = icon, ink
        self._side = 16 if role == "caption" else 20
        self._text = label(text, role, wrap=role != "caption")
        whole = QHBoxLayout(self)
        whole.setContentsMargins(self._side + theme.GRID, 0, 0, 0)
        whole.addWidget(self._text)
        theme.in_use.changed.connect(self.update)

    def setText(self, text: str) -> None:
        self._text.setText(text)
        self.setAccessibleName(text)

    def text(self) -> str:
        return self._text.text()

    def paintEvent(self, _event: QPaintEvent) -> None:
        line = self._text.fontMetrics().height()
        wrapped = self._text.height() > 1.5 * line
        top = self._text.y() + (line - self._side) / 2 if wrapped else (self.height() - self._side) / 2
        icons.draw(QPainter(self), self._icon, QRectF(0, top, self._side, self._side), self._ink)


class Card(QFrame):
    """A surface with a hairline around it; `body` is its layout."""

    def __init__(self, padding: int = 3 * theme.GRID, spacing: int = theme.GAP) -> None:
        super().__init__()
        self.setProperty("ground", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, padding, padding, padding)
        self.body.setSpacing(spacing)


class Switch(QAbstractButton):
    """On or off, with its text on the left of a small track."""

    _TRACK = QSize(36, 20)

    def __init__(self, text: str = "", name: str = "") -> None:
        super().__init__()
        self.setText(text)
        self.setAccessibleName(name or text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text()) + theme.GRID + 4 if self.text() else 0
        return QSize(words + self._TRACK.width() + 8, theme.CONTROL)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(
            self.width() - self._TRACK.width() - 4,
            (self.height() - self._TRACK.height()) / 2,
            self._TRACK.width(),
            self._TRACK.height(),
        )
        if self.text():
            painter.setPen(theme.colour("soft" if self.isEnabled() else "faint"))
            words = QRectF(0, 0, track.left() - theme.GRID, self.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self.text())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent" if self.isChecked() else "edge"))
        painter.drawRoundedRect(track, 10, 10)
        painter.setBrush(theme.colour("on_accent" if self.isChecked() else "surface"))
        centre = track.right() - 10 if self.isChecked() else track.left() + 10
        painter.drawEllipse(QPointF(centre, track.center().y()), 7, 7)
        if self.hasFocus():
            ring(painter, track.adjusted(-3, -3, 3, 3), 13)


class Progress(QProgressBar):
    """A thin bar. With a maximum of 0 it says only that something is going on."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setTextVisible(False)
        self.setFixedHeight(theme.GRID)
        self._phase = 0.0
        self._timer = 0

    def showEvent(self, _event: QEvent) -> None:
        self._timer = self.startTimer(40)

    def hideEvent(self, _event: QEvent) -> None:
        if self._timer:
            self.killTimer(self._timer)
            self._timer = 0

    def timerEvent(self, _event: QEvent) -> None:
        if self.maximum() == 0:
            self._phase = (self._phase + 0.015) % 1.0
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(whole, 4, 4)
        part = QRectF(whole)
        if self.maximum() == 0:
            part.setWidth(whole.width() * 0.25)
            part.moveLeft((whole.width() + part.width()) * self._phase - part.width())
        else:
            share = (self.value() - self.minimum()) / max(1, self.maximum() - self.minimum())
            if share <= 0:
                return
            part.setWidth(max(8.0, whole.width() * share))
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(part, 4, 4)


def ring(painter: QPainter, where: QRectF, radius: float) -> None:
    """The focus ring of everything that paints itself."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.now().accent), 2))
    painter.drawRoundedRect(where, radius, radius)


def row(*items: QWidget | QLayout | int | None, spacing: int = theme.GAP) -> QHBoxLayout:
    """Items side by side; a number is a fixed distance, None takes what is left."""
    return _fill(QHBoxLayout(), items, spacing)


def column(*items: QWidget | QLayout | int | None, spacing: int = theme.GRID) -> QVBoxLayout:
    """Items one below the other; a number is a fixed distance, None takes what is left."""
    return _fill(QVBoxLayout(), items, spacing)


def holder(layout: QLayout) -> QWidget:
    """A widget without a look of its own around `layout`."""
    result = QWidget()
    result.setProperty("ground", "clear")
    result.setLayout(layout)
    return result


def scrolling(inside: QWidget, name: str) -> QScrollArea:
    """`inside` in as much room as there is, scrolled up and down where that is too little."""
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setAccessibleName(name)
    return area


def keep_scroll_bar(view: QAbstractScrollArea) -> None:
    """Keep the room of the vertical scroll bar, so that nothing moves when it comes, but show none where
    there is nothing to scroll."""
    view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    bar = view.verticalScrollBar()
    bar.setEnabled(False)
    bar.rangeChanged.connect(lambda low, high: bar.setEnabled(low < high))


def _fill(box: _Box, items: tuple[QWidget | QLayout | int | None, ...], spacing: int) -> _Box:
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(spacing)
    for item in items:
        if item is None:
            box.addStretch(1)
        elif isinstance(item, int):
            box.addSpacing(item)
        elif isinstance(item, QWidget):
            box.addWidget(item)
        else:
            box.addLayout(item)
    return box
