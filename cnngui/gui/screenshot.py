"""A picture of the window where there is no display to show it on."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from cnngui.errors import RequestError
from cnngui.gui import job
from cnngui.gui.app import describe
from cnngui.gui.main_window import USUAL, MainWindow
from cnngui.gui.session import Session

_MILLISECONDS = 300_000  # after which it is given up: loading PyTorch can take a minute on a busy computer


def save(to: Path, model: Path, pictures: Sequence[Path]) -> None:
    """Open `model` in a window that nobody sees, ask it about `pictures`, and save what it shows as PNG.

    For a process without a window of its own: it makes the application, on Qt's offscreen platform.
    Raises RequestError if the picture cannot be made or written.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_pass_on)
    app = QApplication(sys.argv[:1])
    describe(app)
    session = Session()
    window = MainWindow(session)
    window.resize(USUAL)  # the platform's screen is a small one
    window.show()
    session.model_changed.connect(lambda: session.classify(list(pictures)))

    def look() -> None:
        if len(session.classifying.rows) == len(pictures) and not job.alive():
            window.grab()  # a view asks for its thumbnails when it is painted
            if not job.alive():
                app.exit(0)

    # The answers come first, then the thumbnails: each is a job, and the last one's end is the moment.
    job.watch.changed.connect(lambda: QTimer.singleShot(0, app, look))
    session.classifying.failed.connect(lambda: app.exit(1))
    QTimer.singleShot(_MILLISECONDS, app, lambda: app.exit(1))
    session.open_model(model, "trained")
    failed = app.exec()
    shown = window.grab()
    job.wait_for_all()
    if failed or not shown.save(str(to), "PNG"):
        raise RequestError(f"The picture of the window cannot be saved as {to}.")


def _pass_on(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    # The offscreen platform says of every window what it cannot do with it: that is no news to anyone.
    if not message.startswith("This plugin does not support"):
        sys.stderr.write(f"{message}\n")
