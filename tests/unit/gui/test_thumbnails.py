"""Small pictures: made when asked for, kept within their room, newest first."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cnngui.gui import work
from cnngui.gui.job import Work
from cnngui.gui.widgets.thumbnails import Thumbnails
from tests.unit.gui import fakes


def test_a_picture_arrives_small_and_with_its_proportions(tmp_path: Path, qtbot: QtBot) -> None:
    path = str(fakes.picture(tmp_path / "a.jpg", 1, (640, 320)))
    thumbnails = Thumbnails(side=128)
    with qtbot.waitSignal(thumbnails.arrived) as arrived:
        assert thumbnails.get(path) is None
    assert arrived.args == [path]
    pixmap = thumbnails.get(path)
    assert pixmap is not None
    assert (pixmap.width(), pixmap.height()) == (128, 64)


def test_what_cannot_be_read_says_why_and_is_not_tried_again(
    tmp_path: Path, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    path = tmp_path / "a.jpg"
    path.write_text("not a picture")
    thumbnails = Thumbnails()
    with qtbot.waitSignal(thumbnails.arrived):
        thumbnails.get(str(path))
    assert thumbnails.problem(str(path))
    settle()
    assert thumbnails.get(str(path)) is None
    with qtbot.assertNotEmitted(thumbnails.arrived):
        settle()


def test_the_oldest_leave_when_the_room_is_full(
    tmp_path: Path, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    paths = [str(fakes.picture(tmp_path / f"{k}.jpg", k, (64, 64))) for k in range(6)]
    thumbnails = Thumbnails(side=64, room=3 * 64 * 64 * 4)
    for path in paths:
        with qtbot.waitSignal(thumbnails.arrived):
            thumbnails.get(path)
        settle()
    kept = list(thumbnails.kept())
    assert kept == paths[-3:]


def test_only_the_newest_requests_wait(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    """Of 1,000 pictures scrolled past, those out of sight are never made."""
    made: list[str] = []
    gate: list[Callable[[], str | None]] = []

    def later(take: Callable[[], str | None], _side: int) -> Work:
        gate.append(take)
        return fakes.works()

    monkeypatch.setattr(work, "thumbnails", later)
    thumbnails = Thumbnails(waiting=8, jobs=1)
    for number in range(1000):
        thumbnails.get(str(number))
    take = gate[0]
    while (path := take()) is not None:
        made.append(path)
    assert made == [str(number) for number in range(999, 991, -1)]
    settle()


def test_forgetting_drops_what_is_being_made(
    tmp_path: Path, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    path = str(fakes.picture(tmp_path / "a.jpg", 1))
    thumbnails = Thumbnails()
    thumbnails.get(path)
    with qtbot.assertNotEmitted(thumbnails.arrived):
        thumbnails.forget()
        settle()
    assert not list(thumbnails.kept())
