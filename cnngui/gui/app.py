"""The window as a program."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from cnngui import __version__, crashes
from cnngui.gui import crash_report, icons, job, style
from cnngui.gui.main_window import MainWindow
from cnngui.gui.session import Session


def main(paths: Sequence[Path | str], demo: bool = False) -> int:
    """Show the window until it is closed; `paths` are treated as dropped on it.

    `demo`: open the built-in sample and start training on it. Returns the exit status.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    describe(app)
    session = Session()
    window = MainWindow(session)
    if sys.platform == "darwin":
        app.installEventFilter(_OpenedFromOutside(window))
    with crashes.watched():
        window.show()

        def begin() -> None:
            session.warm_up()
            if demo:
                start_demo(window)
            elif paths:
                window.opening.open_paths([Path(path) for path in paths])

        after_paint(window, begin)
        crash_report.offer(window)
        status = app.exec()
        job.wait_for_all()
    return int(status)


def describe(app: QApplication) -> None:
    """Give the application its name, icon and look."""
    app.setApplicationName("cnngui")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("cnngui")
    app.setWindowIcon(icons.application_icon())
    style.follow(app)


def start_demo(window: MainWindow) -> None:
    """Open the sample, and train on it as soon as it is there."""

    def train() -> None:
        window.session.index_changed.disconnect(train)
        # Once whoever opened the folder has shown it: the training is what the demonstration is about.
        QTimer.singleShot(0, window, window.start_training)

    window.session.index_changed.connect(train)
    window.session.scanning.start_sample()


def after_paint(window: MainWindow, begin: Callable[[], None]) -> None:
    """Begin once the window has been seen: loading the engine takes seconds, and nobody should wait."""
    window.installEventFilter(_FirstPaint(window, begin))


class _OpenedFromOutside(QObject):
    """macOS names the files of a double click in an event, not on the command line."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self._window.opening.open_paths([Path(event.file())])
            return True
        return False


class _FirstPaint(QObject):
    def __init__(self, window: MainWindow, begin: Callable[[], None]) -> None:
        super().__init__(window)
        self._begin = begin

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._begin)
        return False
