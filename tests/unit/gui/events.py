"""Real drag-and-drop events, as the system would send them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

_ALL = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction


def mime_of(paths: Sequence[Path]) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def target(window: QWidget, spot: QPoint) -> QWidget:
    """Who gets a drag at `spot`: the innermost widget there that takes drops, as in QWidgetWindow."""
    child = window.childAt(spot) or window
    while child is not window and not child.acceptDrops():
        parent = child.parentWidget()
        assert parent is not None
        child = parent
    return child


def drag(window: QWidget, mime: QMimeData, spot: QPoint | None = None) -> QDragEnterEvent:
    """Drag something into the window and leave it hovering; returns the event with its answer."""
    spot = spot or window.rect().center()
    enter = QDragEnterEvent(spot, _ALL, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(target(window, spot), enter)
    move = QDragMoveEvent(spot, _ALL, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(target(window, spot), move)
    return enter


def leave(window: QWidget) -> None:
    QApplication.sendEvent(window, QDragLeaveEvent())


def drop(window: QWidget, mime: QMimeData, spot: QPoint | None = None) -> QDropEvent:
    """Drag something in and let go; returns the drop with its answer."""
    spot = spot or window.rect().center()
    receiver = target(window, spot)
    drag(window, mime, spot)
    event = QDropEvent(QPointF(spot), _ALL, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(receiver, event)
    return event


class Windows(QObject):
    """Every window that is shown while this is there, but for dialogs and menus: a person sees each."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.shown: list[QWidget] = []
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QWidget) and watched.windowType() == Qt.WindowType.Window:
            self.shown += [watched] if event.type() == QEvent.Type.Show else []
        return False
