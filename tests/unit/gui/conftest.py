"""Windows and sessions fed by fakes: nothing here loads torch."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cnngui.gui import job, planning, style, work
from cnngui.gui.main_window import MainWindow
from cnngui.gui.session import Session
from tests.unit.gui import fakes

CLASSES = ("ants", "bees")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two classes of four pictures each."""
    return fakes.folder(tmp_path / "insects")


@pytest.fixture
def fake_work(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The engine's place taken by fakes; change one with `fake_work.setattr(work, …)`."""
    monkeypatch.setattr(work, "warm_up", lambda: fakes.works(fakes.ready()))
    monkeypatch.setattr(work, "starter", lambda: None)
    monkeypatch.setattr(work, "earlier", lambda root: fakes.works(work.Earlier(root)))
    monkeypatch.setattr(work, "open_model", lambda path, origin: fakes.works(fakes.opened(path, origin)))
    monkeypatch.setattr(planning, "plan", fakes.plan)
    real = work.check
    monkeypatch.setattr(
        work, "check", lambda target, *more: real(target, *more) if target.notebook else fakes.works()
    )
    monkeypatch.setattr(work, "scan", lambda root: fakes.works(fakes.index_of(root)))
    monkeypatch.setattr(work, "train", fakes.fake_train(fakes.run_events(CLASSES)))
    monkeypatch.setattr(work, "classify", fakes.answers(CLASSES))
    return monkeypatch


@pytest.fixture
def session(qtbot: QtBot, fake_work: pytest.MonkeyPatch) -> Iterator[Session]:
    session = Session()
    yield session
    _settle(qtbot)


@pytest.fixture
def window(qtbot: QtBot, qapp: object, session: Session) -> Iterator[MainWindow]:
    """The real window, shown, with the engine's fakes behind it."""
    from PySide6.QtWidgets import QApplication

    assert isinstance(qapp, QApplication)
    if not qapp.styleSheet():
        style.follow(qapp)
    window = MainWindow(session)  # not qtbot's: that closes it first, and closing a training asks
    window.show()
    window.activateWindow()  # only an active window hears its shortcuts
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    session.training.stop()
    _settle(qtbot)
    window.close()
    window.deleteLater()


@pytest.fixture
def settle(qtbot: QtBot) -> Callable[[], None]:
    """Wait until no job is running and everything that was reported has arrived."""
    return lambda: qtbot.waitUntil(lambda: not job.alive())


def _settle(qtbot: QtBot) -> None:
    job.stop_all()
    qtbot.waitUntil(lambda: not job.alive())
