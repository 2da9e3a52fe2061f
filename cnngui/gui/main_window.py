"""The window: the rail, the pages, the message bar, and everything that can be dropped on it."""

from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QByteArray, QMimeData, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cnngui import settings
from cnngui.errors import RequestError
from cnngui.gui import drops, job, text, theme
from cnngui.gui.about import About
from cnngui.gui.opening import Opening
from cnngui.gui.pages import PAGES
from cnngui.gui.pages.classify import ClassifyPage, choose_model, choose_pictures, model_name
from cnngui.gui.pages.images import choose_folder
from cnngui.gui.pages.page import Page
from cnngui.gui.pages.train import TrainPage
from cnngui.gui.session import Message, Session
from cnngui.gui.widgets.drop_overlay import DropOverlay
from cnngui.gui.widgets.message_bar import MessageBar
from cnngui.gui.widgets.rail import Rail, RailButton

USUAL = QSize(1200, 800)
_FRAME = QSize(16, 48)  # about what the system draws around a window


class MainWindow(QMainWindow):
    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.opening = Opening(session)
        self._closing = False
        self._passing = False  # what the bar says is true only while the training runs
        self.setMinimumSize(900, 560)  # a laptop of 1366 × 768 pixels, enlarged by half, has little more
        self.resize(USUAL.boundedTo(self.screen().availableSize() - _FRAME))
        self.setAcceptDrops(True)
        self.rail = Rail()
        self.bar = MessageBar()
        self.stack = QStackedWidget()
        self.pages: dict[str, Page] = {}
        self.buttons: dict[str, RailButton] = {}
        self._lay_out()
        self.overlay = DropOverlay(self.centralWidget())
        for kind in PAGES:
            self._add(kind)
        for first, second in pairwise((self.rail.menu_button, *self.buttons.values())):
            QWidget.setTabOrder(first, second)  # the whole rail first, then the page
        self.menu = self._make_menu()
        self.rail.menu_button.setMenu(self.menu)
        session.wanted.connect(self.show_page)
        session.said.connect(self._say)
        session.training.ended.connect(self._training_over)
        session.index_changed.connect(self._show_open)
        session.model_changed.connect(self._show_open)
        session.ready_changed.connect(self._show_open)
        self._show_open()
        self._restore()
        self.show_page(PAGES[0].key)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus()  # no ring around the first button before a key was pressed

    def _lay_out(self) -> None:
        centre = QWidget()
        centre.setProperty("ground", "page")
        bar = QVBoxLayout()
        bar.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, 0)
        bar.addWidget(self.bar)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addLayout(bar)
        right.addWidget(self.stack, 1)
        whole = QHBoxLayout(centre)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.rail)
        whole.addLayout(right, 1)
        self.setCentralWidget(centre)

    def _add(self, kind: type[Page]) -> None:
        page = kind(self.session)
        number = len(self.pages) + 1
        keys = QKeySequence(f"Ctrl+{number}")
        button = self.rail.add(kind.icon, kind.title(), keys.toString(QKeySequence.SequenceFormat.NativeText))
        button.clicked.connect(lambda: self.show_page(kind.key))
        page.badge_changed.connect(button.set_badge)
        self.buttons[kind.key] = button
        self.pages[kind.key] = page
        self.stack.addWidget(page)
        self._action(kind.title(), f"Ctrl+{number}", lambda: self.show_page(kind.key))
        if isinstance(page, ClassifyPage):
            page.paste_wanted.connect(self.paste)

    def _action(self, words: str, keys: str, act: object) -> QAction:
        """An action of the window, with its shortcut working wherever the focus is."""
        action = QAction(words, self)
        action.setShortcut(QKeySequence(keys))
        if callable(act):
            action.triggered.connect(lambda: act())
        self.addAction(action)
        return action

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Menu"))
        opened = (
            (self.tr("Open a folder…"), "Ctrl+O", lambda: choose_folder(self, self.session)),
            (self.tr("Open pictures…"), "Ctrl+Shift+O", lambda: choose_pictures(self, self.session)),
            (self.tr("Open a network…"), "Ctrl+Alt+O", lambda: choose_model(self, self.session)),
            (self.tr("Paste a picture or files"), "Ctrl+V", self.paste),
        )
        training = (
            (self.tr("Start training"), "Ctrl+T", self.start_training),
            (self.tr("Pause training or go on"), "Ctrl+P", self.session.training.toggle_pause),
        )
        for group in (opened, training):
            for words, keys, act in group:
                menu.addAction(self._action(words, keys, act))
            menu.addSeparator()
        menu.addAction(self._action(self.tr("About cnngui"), "", lambda: About(self.session, self).exec()))
        menu.addAction(self._action(self.tr("Quit"), "Ctrl+Q", self.close))
        return menu

    def show_page(self, key: str) -> None:
        """Bring a page to the front."""
        page = self.pages[key]
        self.stack.setCurrentWidget(page)
        self.rail.choose(list(self.pages).index(key))
        page.opened()

    def paste(self) -> None:
        """Classify or open what is on the clipboard."""
        self.opening.open_mime(QGuiApplication.clipboard().mimeData())

    def start_training(self) -> None:
        """Train on what is open, as the settings on the Train page say."""
        page = self.pages["train"]
        assert isinstance(page, TrainPage)
        if self.session.index and not self.session.training.busy:
            self.session.training.forget()
            page.ready.start()
        self.show_page("train")

    def _say(self, message: Message) -> None:
        self.bar.say(message.text, message.kind, message.action, message.act)
        self._passing = message.passing

    def _training_over(self) -> None:
        if self._passing:
            self.bar.hide()

    def _show_open(self) -> None:
        index, model = self.session.index, self.session.model
        if index:
            name = text.shown(index.root.name or index.root)
            self.rail.show_data(name, text.pictures(len(index.records)))
            self.setWindowTitle(f"{name} – cnngui")
        else:
            self.rail.show_data(self.tr("None yet"), "")
            self.setWindowTitle("cnngui")
        if model:
            known = text.classes(len(model.header.classes))
            self.rail.show_model(model_name(model), known)
        else:
            self.rail.show_model(self.tr("None yet"), "")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if drops.acceptable(event.mimeData()):
            self.overlay.show_for(drops.preview(event.mimeData()))
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self.overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.overlay.hide()
        event.setDropAction(Qt.DropAction.CopyAction)  # whatever was asked: the user's files are never moved
        event.accept()
        self.drop(event.mimeData())

    def drop(self, mime: QMimeData) -> None:
        """Do what a drop asks for."""
        self.bar.hide()
        self.opening.open_mime(mime)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.session.training.busy and not self._closing and not self._ask_to_close():
            event.ignore()
            return
        self._closing = True
        self._remember()
        job.stop_all()
        if self.session.training.busy:  # it saves first; then this comes again
            self.session.training.stop()
            self.session.training.ended.connect(self.close, Qt.ConnectionType.UniqueConnection)
            self.show_page("train")
            self.setEnabled(False)
            event.ignore()
            return
        self.opening.close()
        event.accept()

    def _ask_to_close(self) -> bool:
        box = QMessageBox(self)
        box.setWindowTitle(self.tr("A training is running"))
        box.setText(self.tr("Stop the training and close?"))
        box.setInformativeText(
            self.tr(
                "The best network so far is kept. When you open this folder again, you can go on with the "
                "training."
            )
        )
        stop = box.addButton(self.tr("Stop and close"), QMessageBox.ButtonRole.AcceptRole)
        keep = box.addButton(self.tr("Keep training"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        self.session.training.ended.connect(box.reject)  # nothing is left to ask
        box.exec()
        return box.clickedButton() is stop

    def _restore(self) -> None:
        kept = settings.load().geometry
        if kept:
            self.restoreGeometry(QByteArray.fromBase64(kept.encode("ascii", "replace")))

    def _remember(self) -> None:
        place = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        try:
            settings.save(replace(settings.load(), geometry=place))
        except RequestError as problem:
            self.session.say(str(problem), "warn")
