"""A box for code: monospaced, with line numbers, and marks on the lines that something was found in."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFontDatabase,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from cnngui.gui import theme

_CODE = 13  # pixels: the height of the letters


class CodeBox(QPlainTextEdit):
    """Plain text: what is pasted is never run and never taken for markup."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        face = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        face.setPixelSize(_CODE)
        self.setFont(face)
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self.setTabChangesFocus(True)  # whoever steers with the keyboard must be able to leave
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setAcceptDrops(False)  # the window takes what is dropped
        self._marks: Mapping[int, str] = {}
        self._chosen = 0
        self._gutter = _Gutter(self)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scroll_gutter)
        theme.in_use.changed.connect(self._highlight)
        self._make_room()

    def show_marks(self, marks: Mapping[int, str]) -> None:
        """Mark lines (from 1) with a dot in the colour of a palette's token; takes the highlight away."""
        self._marks = marks
        self._chosen = 0
        self._highlight()

    def go_to(self, line: int) -> None:
        """Bring a line (from 1) into view and highlight it."""
        block = self.document().findBlockByNumber(line - 1)
        if not block.isValid():
            return
        self.setTextCursor(QTextCursor(block))
        self.centerCursor()
        self._chosen = line
        self._highlight()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def highlighted(self) -> int:
        """The line that is highlighted, from 1; 0 if none is."""
        return self._chosen

    def gutter_width(self) -> int:
        digits = max(2, len(str(self.blockCount())))
        return 28 + digits * self.fontMetrics().horizontalAdvance("9")

    def paint_gutter(self, gutter: QWidget, event: QPaintEvent) -> None:
        """The numbers and marks of the lines in sight."""
        painter = QPainter(gutter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), theme.colour("surface"))
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        while block.isValid():
            where = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if where.top() > event.rect().bottom():
                break
            line = block.blockNumber() + 1
            ink = self._marks.get(line)
            painter.setPen(theme.colour("text" if line == self._chosen else "faint"))
            room = QRectF(0, where.top(), gutter.width() - 10, where.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(line))
            if ink:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour(ink))
                painter.drawEllipse(QRectF(6, where.center().y() - 3, 6, 6))
            block = block.next()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_gutter()

    def _make_room(self) -> None:
        self.setViewportMargins(self.gutter_width(), theme.GRID, 0, theme.HALF)
        self._place_gutter()

    def _place_gutter(self) -> None:
        view = self.viewport().geometry()
        self._gutter.setGeometry(
            QRect(view.left() - self.gutter_width(), view.top(), self.gutter_width(), view.height())
        )

    def _scroll_gutter(self, _part: QRect, _by: int) -> None:
        self._gutter.update()

    def _highlight(self) -> None:
        lines: list[QTextEdit.ExtraSelection] = []
        block = self.document().findBlockByNumber(self._chosen - 1)
        if self._chosen and block.isValid():
            chosen = QTextEdit.ExtraSelection()
            look = QTextCharFormat()
            look.setBackground(theme.colour("tint"))
            look.setProperty(QTextFormat.Property.FullWidthSelection, True)
            chosen.format = look
            chosen.cursor = QTextCursor(block)
            lines.append(chosen)
        self.setExtraSelections(lines)
        self._gutter.update()


class _Gutter(QWidget):
    def __init__(self, box: CodeBox) -> None:
        super().__init__(box)
        self._box = box

    def sizeHint(self) -> QSize:
        return QSize(self._box.gutter_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._box.paint_gutter(self, event)
