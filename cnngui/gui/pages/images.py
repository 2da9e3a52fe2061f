"""Images: the data set's classes and pictures, and what the scan found."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cnngui.data.index import DatasetIndex
from cnngui.gui import text, theme
from cnngui.gui.checking import Checking
from cnngui.gui.pages.page import Header, Page, page_layout
from cnngui.gui.session import Session
from cnngui.gui.widgets.basic import (
    Button,
    Card,
    ElidedLabel,
    Lines,
    Progress,
    Switch,
    column,
    holder,
    label,
    row,
)
from cnngui.gui.widgets.class_list import ClassList, ListRow
from cnngui.gui.widgets.empty import EmptyState, FolderArt
from cnngui.gui.widgets.finding_list import FindingList
from cnngui.gui.widgets.image_grid import PATH_ROLE, PictureGrid
from cnngui.gui.widgets.picture_view import PictureView
from cnngui.gui.widgets.reason_list import Line, ReasonList
from cnngui.gui.widgets.thumbnails import Thumbnails

PICTURES = ("all", "class", "suspects")  # the rows that show pictures


class ImagesPage(Page):
    key = "images"
    icon = "images"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._stack = QStackedWidget()
        self.empty = self._make_empty()
        self.scan = ScanPanel(session)
        self.full = DataSetPanel(session)
        for part in (self.empty, self.scan, self.full):
            self._stack.addWidget(part)
        page_layout(self).addWidget(self._stack)
        session.index_changed.connect(self._show)
        session.scanning.changed.connect(self._show)
        session.pictures.changed.connect(self._show_badge)
        session.labels.changed.connect(self._show_badge)

    @classmethod
    def title(cls) -> str:
        return text.tr("Images")

    def _make_empty(self) -> QWidget:
        self.choose = Button(self.tr("Choose a folder…"), "folder", "primary")
        self.choose.clicked.connect(lambda: choose_folder(self, self.session))
        self.sample = Button(self.tr("Try the sample"), "shapes")
        self.sample.clicked.connect(self.session.scanning.start_sample)
        art = FolderArt(self.tr("insects"), (self.tr("ants"), self.tr("bees")))
        return EmptyState(
            art,
            self.tr("Drop a folder of pictures here"),
            self.tr("It holds one folder for each class; their names are what the network learns to say."),
            (self.choose, self.sample),
            self.tr("Your pictures stay on this computer and are never changed."),
        )

    def _show(self) -> None:
        index = self.session.index
        if self.session.scanning.busy:
            self._stack.setCurrentWidget(self.scan)
        else:
            self._stack.setCurrentWidget(self.full if index else self.empty)
        self._show_badge()

    def _show_badge(self) -> None:
        """How much was found wrong with the pictures; until they are checked, how many are unreadable."""
        index, checks = self.session.index, (self.session.pictures, self.session.labels)
        found = sum(len(check.findings(explanations=False)) for check in checks)
        number = found or (len(index.unreadable) if index else 0)
        self.badge_changed.emit(text.number(number) if number else "")


def choose_folder(parent: QWidget, session: Session) -> None:
    """Ask for a folder and look through it."""
    folder = QFileDialog.getExistingDirectory(parent, text.tr("Choose a folder of pictures"))
    if folder:
        session.scanning.start(Path(folder))


class ScanPanel(QWidget):
    """What a scan, or the drawing of the sample, is doing, with a way to stop it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._scanning = session.scanning
        self._title = label("", "title")
        self.line = ElidedLabel(role="soft")
        self._bar = Progress(self.tr("Progress of the scan"))
        self.stop = Button(self.tr("Stop"), "stop")
        self.stop.clicked.connect(session.scanning.stop)
        card = Card(padding=4 * theme.GRID)
        card.setFixedWidth(520)
        card.body.addWidget(self._title)
        card.body.addWidget(self._bar)
        card.body.addWidget(self.line)
        card.body.addLayout(row(self.stop, None))
        whole = QVBoxLayout(self)
        whole.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)
        session.scanning.changed.connect(self._show)

    def _show(self) -> None:
        scanning = self._scanning
        if scanning.drawn:
            done, total = scanning.drawn
            self._title.setText(self.tr("Drawing the sample pictures"))
            self._bar.setRange(0, total)
            self._bar.setValue(done)
            words = self.tr("{0} of {1}").format(text.number(done), text.pictures(total))
            self.line.set_whole(words if total else self.tr("Getting ready…"))
            return
        self._title.setText(self.tr("Looking through “{0}”").format(text.shown(scanning.name)))
        self._bar.setRange(0, 0)
        seen = text.counted(scanning.files, self.tr("1 file"), self.tr("%n files"))
        self.line.set_whole(f"{seen} · {text.shown(scanning.folder)}" if scanning.folder else seen)


class DataSetPanel(QWidget):
    """The open data set: classes on the left; pictures, one picture or what was found on the right."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.header = Header("")
        self.change = Button(self.tr("Change…"), kind="link", tip=self.tr("Open another folder"))
        self.change.setAccessibleName(self.tr("Open another folder…"))
        self.change.clicked.connect(lambda: choose_folder(self, session))
        self.header.put_beside(self.change)
        self.train = Button(self.tr("Go to training"), kind="primary")
        self.train.clicked.connect(lambda: session.wanted.emit("train"))
        self.header.buttons.addWidget(self.train)
        self.classes = ClassList()
        self.classes.setFixedWidth(232)
        self.classes.chosen.connect(self._choose)
        self.thumbnails = Thumbnails()
        self.grid = PictureGrid(self.thumbnails)
        self.grid.opened.connect(self._open)
        self.reasons = ReasonList(self.tr("What the scan found"))
        self.viewer = Viewer()
        self.viewer.closed.connect(self._back)
        self.viewer.stepped.connect(self._step)
        self.found = FindingList()
        self.check = CheckStrip(session.pictures, self.tr("Checking {0} of {1}"))
        self.label_check = CheckStrip(session.labels, self.tr("Judging the labels: {2}"))
        self.what = Lines(role="strong")
        self.frames = Switch(self.tr("What the network sees"))
        self.frames.toggled.connect(self._frame)
        self._views = QStackedWidget()
        for view in (self.grid, self.reasons, self.found):
            self._views.addWidget(view)
        gallery = holder(column(row(self.what, self.frames), self._views))
        self._right = QStackedWidget()
        self._right.addWidget(gallery)
        self._right.addWidget(self.viewer)
        body = QHBoxLayout()
        body.setSpacing(3 * theme.GRID)
        body.addLayout(column(self.classes, self.check, self.label_check))
        body.addWidget(self._right, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(3 * theme.GRID)
        whole.addWidget(self.header)
        whole.addLayout(body, 1)
        session.index_changed.connect(self._show)
        session.ready_changed.connect(self._frame)
        session.pictures.changed.connect(self._show_found)
        session.labels.changed.connect(self._show_found)

    def _show_found(self) -> None:
        """Show what the checks of the pictures and of their labels found, once they are over."""
        index, labels = self.session.index, self.session.labels
        over = [check for check in (labels, self.session.pictures) if check.result]
        if index and over:
            found = [one for check in over for one in check.findings(explanations=True)]
            pages = {
                rule: page for check in over if check.result for rule, page in check.result.pages.items()
            }
            self.found.show_findings(found, pages, jumps=False)
            self.classes.add_rows(list_rows(index, len(found), len(labels.suspects)))

    def _show(self) -> None:
        index = self.session.index
        if not index:
            return
        self.thumbnails.forget()
        count = f"{text.pictures(len(index.records))} · {text.classes(len(index.classes))}"
        self.header.say(text.shown(index.root.name or index.root), f"{count} · {text.shown(index.root)}")
        self.classes.show_rows(list_rows(index))

    def _choose(self, picked: ListRow) -> None:
        index = self.session.index
        assert index is not None
        self._right.setCurrentIndex(0)
        if picked.kind in PICTURES:
            everything = range(len(index.records))
            of_class = [n for n in everything if index.records[n].label == picked.number]
            chosen = {"class": of_class, "suspects": self.session.labels.suspects}
            self.grid.pictures.show(index, chosen.get(picked.kind, everything))
            self.what.set_whole(f"{picked.name} · {text.pictures(picked.count)}")
            self._views.setCurrentWidget(self.grid)
        elif picked.kind == "pitfalls":
            self.what.set_whole(picked.name)
            self._views.setCurrentWidget(self.found)
        else:
            self.reasons.show_lines(_lines(index, picked))
            self.what.set_whole(f"{picked.name} · {text.number(picked.count)}")
            self._views.setCurrentWidget(self.reasons)
        self.frames.setVisible(picked.kind in PICTURES)

    def _frame(self) -> None:
        card = self.session.card(self.session.training.config.model)
        spec = card.spec if card else None
        self.grid.show_frames(self.frames.isChecked(), spec)
        self.viewer.view.show_frame(self.frames.isChecked(), spec)

    def _open(self, picture: int) -> None:
        self._row = picture
        model = self.grid.pictures
        cell = model.index(picture, 0)
        path = str(cell.data(PATH_ROLE))
        self.viewer.show_picture(path, model.class_name(picture), text.shown(model.record(picture).path))
        self._right.setCurrentWidget(self.viewer)

    def _step(self, by: int) -> None:
        picture = self._row + by
        if 0 <= picture < self.grid.pictures.rowCount():
            self.grid.setCurrentIndex(self.grid.pictures.index(picture, 0))
            self._open(picture)

    def _back(self) -> None:
        self._right.setCurrentIndex(0)
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)


class Viewer(QWidget):
    """One picture, large. Left and right step through the grid's pictures, Escape goes back to it."""

    closed = Signal()
    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._large = Thumbnails(side=1400, room=48 * 2**20, waiting=2, jobs=1)
        self._large.arrived.connect(self._show)
        self._path = ""
        self.name = Lines(role="soft")
        self._class = Lines(role="strong")
        self._problem = label("", "soft", wrap=True)
        self.view = PictureView()
        back = Button(self.tr("All pictures"), "chevron-left", "quiet", tip=self.tr("Back (Escape)"))
        back.clicked.connect(self.closed)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.closed.emit)
        before = self._arrow("chevron-left", self.tr("Previous picture"), Qt.Key.Key_Left, -1)
        after = self._arrow("chevron-right", self.tr("Next picture"), Qt.Key.Key_Right, 1)
        top = row(back, None, before, after, spacing=theme.GRID)
        words = column(self._class, self.name, self._problem, spacing=2)
        whole = column(top, words, self.view)
        whole.setStretch(2, 1)
        whole.setContentsMargins(0, 0, 0, 3 * theme.GRID)
        self.setLayout(whole)

    def _arrow(self, icon: str, name: str, key: Qt.Key, by: int) -> Button:
        button = Button("", icon, "quiet", name=name, tip=name)
        QShortcut(QKeySequence(key), self, lambda: self.stepped.emit(by))
        button.clicked.connect(lambda: self.stepped.emit(by))
        return button

    def show_picture(self, path: str, class_name: str, name: str) -> None:
        self._path = path
        self._class.set_whole(class_name)
        self.name.set_whole(name)
        self._show(path)

    def _show(self, path: str) -> None:
        if path == self._path:
            pixmap = self._large.get(path)
            problem = self._large.problem(path)
            self.view.show_picture(pixmap, self.name.whole(), "unreadable" if problem else "")
            self._problem.setText(problem)
            self._problem.setVisible(bool(problem))


class CheckStrip(QWidget):
    """How far a check of the pictures is, below the classes, with a way to stop it. `words` says so of
    what is done, of how many, and of the share that is done."""

    def __init__(self, check: Checking, words: str) -> None:
        super().__init__()
        self._check = check
        self._words = words
        self.line = ElidedLabel(role="soft", middle=False)
        self._bar = Progress(self.tr("Progress of the check"))
        stop = self.tr("Stop the check")
        self.stop = Button("", "stop", "quiet", name=stop, tip=stop)
        self.stop.clicked.connect(check.stop)
        top = row(self._bar, self.stop)
        top.setStretch(0, 1)
        inside = column(top, self.line, spacing=theme.HALF)  # the words need the whole width
        inside.setContentsMargins(0, 0, 0, 3 * theme.GRID)
        self.setLayout(inside)
        self.setFixedWidth(232)
        check.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.setVisible(self._check.busy)
        done, total, _ = self._check.at or (0, None, "")
        self._bar.setRange(0, total or 0)
        self._bar.setValue(done)
        share = text.percent(done / total) if total else ""
        words = self._words.format(text.number(done), text.number(total or 0), share)
        self.line.set_whole(words if total else self.tr("Checking the pictures…"))


def list_rows(index: DatasetIndex, pitfalls: int = 0, suspects: int = 0) -> tuple[ListRow, ...]:
    """The rows beside the grid: all, each class with its count, and what else was found."""
    counts = index.counts()
    most = max((1, *counts))
    rows = [ListRow("all", text.tr("All pictures"), len(index.records))]
    rows += [
        ListRow("class", text.shown(name), counts[number], number, counts[number] / most)
        for number, name in enumerate(index.classes)
    ]
    found = (
        ListRow("pitfalls", text.tr("Pitfalls"), pitfalls),
        ListRow("suspects", text.tr("Wrong labels?"), suspects),
        ListRow("notes", text.tr("Notes"), len(index.notes)),
        ListRow("unreadable", text.tr("Not readable"), len(index.unreadable)),
        ListRow("ignored", text.tr("Passed over"), len(index.ignored)),
    )
    if any(item.count for item in found):
        rows.append(ListRow("heading", text.tr("What the scan found")))
        rows += [item for item in found if item.count]
    return tuple(rows)


def _lines(index: DatasetIndex, picked: ListRow) -> list[Line]:
    if picked.kind == "notes":
        return [("", note) for note in index.notes]
    bad = index.unreadable if picked.kind == "unreadable" else index.ignored
    return [(item.path, item.reason) for item in bad]
