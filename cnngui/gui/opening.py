"""What the window does with things: dropped, pasted, chosen, or named on the command line."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QImage

from cnngui.gui import drops, text
from cnngui.gui.drops import Check, Classify, OpenFolder, OpenModel
from cnngui.gui.session import Session


class Opening(QObject):
    """The one way in for everything that comes from outside."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._pasted = 0
        self._folder: Path | None = None  # where pasted pictures are put until the window closes

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Do what `paths` ask for, or say in a sentence why not."""
        session = self._session
        intent = drops.understand(paths)
        if isinstance(intent, OpenFolder):
            session.scanning.start(intent.folder)
            session.wanted.emit("images")
        elif isinstance(intent, OpenModel):
            session.open_model(intent.file)
            session.wanted.emit("classify")
        elif isinstance(intent, Classify):
            if session.classify(list(intent.pictures)) and intent.passed_over:
                session.say(intent.passed_over)
        elif isinstance(intent, Check):
            session.checking.open(intent.file)
            session.wanted.emit("pitfalls")
        else:
            session.say(intent.sentence, "warn")

    def open_mime(self, mime: QMimeData) -> None:
        """Do what a drop or the clipboard asks for."""
        paths = drops.local_paths(mime.urls())
        if not paths and mime.hasText() and not mime.hasUrls():
            line = mime.text().strip().strip('"')
            if line and len(line) < 4096 and "\n" not in line and Path(line).expanduser().exists():
                paths = [Path(line).expanduser()]
        if paths:
            self.open_paths(paths)
        elif mime.hasImage():
            self._open_image(QImage(mime.imageData()))
        elif mime.hasUrls():
            self._session.say(drops.web_address(), "warn")
        else:
            self._session.say(self.tr("There is no picture and no file on the clipboard."), "warn")

    def close(self) -> None:
        """Remove the pasted pictures."""
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _open_image(self, image: QImage) -> None:
        if image.isNull():
            self._session.say(self.tr("The picture on the clipboard cannot be read."), "warn")
            return
        if not self._folder:
            self._folder = Path(tempfile.mkdtemp(prefix="cnngui-"))
        self._pasted += 1
        path = self._folder / self.tr("Pasted picture {0}.png").format(text.number(self._pasted))
        if image.save(str(path)):
            self._session.classify([path])
        else:
            self._session.say(self.tr("The picture could not be kept in “{0}”.").format(self._folder), "bad")
