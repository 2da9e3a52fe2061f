"""A training as the window knows it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from cnngui.cancel import Cancel
from cnngui.engine.events import EpochDone, RunStarted, StepDone
from cnngui.engine.spec import TrainConfig
from cnngui.gui import work
from cnngui.gui.job import Work
from cnngui.gui.session import Session
from cnngui.gui.training import Phase, Trace
from tests.unit.gui import fakes


def start(session: Session, folder: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.training.ended):
        session.training.start(fakes.index_of(folder), TrainConfig(model="simple_cnn_bn"))


def test_a_run_from_its_start_to_its_end(session: Session, folder: Path, qtbot: QtBot) -> None:
    phases: list[Phase] = []
    session.training.changed.connect(lambda: phases.append(session.training.phase))
    start(session, folder, qtbot)
    training = session.training
    assert list(dict.fromkeys(phases)) == [Phase.PREPARING, Phase.RUNNING, Phase.ENDED]
    assert [epoch.epoch for epoch in training.epochs] == list(range(1, 17))
    assert len(training.steps.x) == 16 * 12
    assert training.steps.x[-1] == 16
    assert training.share() == 1
    assert training.result is not None
    assert not training.busy


def test_what_was_trained_is_what_answers_next(
    session: Session, folder: Path, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    start(session, folder, qtbot)
    settle()
    assert session.model is not None
    assert session.model.origin == "trained"
    assert session.model.path == Path("/runs/1/best.safetensors")


def test_a_resumed_run_begins_with_its_history(
    session: Session, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    events = fakes.run_events(epochs=4)
    done = [event for event in events if isinstance(event, EpochDone)]
    started = next(event for event in events if isinstance(event, RunStarted))
    again = replace(started, first_epoch=3, history=tuple(done[:2]))
    asked: list[bool] = []

    def train(_index: object, _config: object, resume: bool, _longer: int) -> Work:
        asked.append(resume)
        return fakes.works(again, done[2], done[3], fakes.ended(4))

    fake_work.setattr(work, "train", train)
    with qtbot.waitSignal(session.training.ended):
        session.training.start(fakes.index_of(folder), TrainConfig(), resume=True)
    assert asked == [True]
    assert [epoch.epoch for epoch in session.training.epochs] == [1, 2, 3, 4]


def test_pause_and_stop(session: Session, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch) -> None:
    def endless(cancel: Cancel) -> Iterator[object]:
        yield from fakes.run_events(until=2.5)
        while not cancel.check():
            QThread.yieldCurrentThread()
        yield fakes.stopped()

    fake_work.setattr(work, "train", lambda *_: endless)
    training = session.training
    training.start(fakes.index_of(folder), TrainConfig())
    qtbot.waitUntil(lambda: len(training.epochs) == 2)
    training.toggle_pause()
    states = [training.paused]
    for _ in range(2):
        training.toggle_pause()
        states.append(training.paused)
    assert states == [True, False, True]
    with qtbot.waitSignal(training.ended):
        training.stop()  # ends a pause as well
        assert phase(session) is Phase.STOPPING
        assert not training.paused
    assert phase(session) is Phase.ENDED
    assert training.result == fakes.stopped()


def test_a_refusal_is_kept_as_its_sentence(
    session: Session, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    fake_work.setattr(work, "train", lambda *_: fakes.refuses("Only one class has pictures."))
    start(session, folder, qtbot)
    assert session.training.problem == "Only one class has pictures."
    assert phase(session) is Phase.FAILED
    asked = session.training.config
    session.training.forget()
    assert phase(session) is Phase.IDLE
    assert session.training.config == TrainConfig() != asked, "another folder is nothing to it"


def phase(session: Session) -> Phase:
    return session.training.phase


def test_a_run_that_fails_in_the_middle_still_hands_over_its_best(
    session: Session, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    failed = replace(fakes.ended(3), reason="failed", sentence="The disk is full.")
    fake_work.setattr(work, "train", fakes.fake_train([*fakes.run_events(until=3.0), failed]))
    start(session, folder, qtbot)
    settle()
    assert session.training.phase is Phase.FAILED
    assert session.training.problem == "The disk is full."
    assert session.model is not None


def test_a_trace_stays_small_and_keeps_its_ends() -> None:
    trace = Trace()
    for number in range(100_000):
        trace.add(number / 1000, 1.0 if number % 2 else 3.0)
    assert len(trace.x) < Trace.LIMIT
    assert trace.x == sorted(trace.x)
    assert trace.x[0] < 0.1
    assert trace.x[-1] > 99
    assert set(trace.y) == {2.0}


def test_what_the_run_rules_find_comes_with_its_page(
    session: Session, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    events = fakes.run_events()
    step = next(event for event in events if isinstance(event, StepDone))
    broken = [*events[: events.index(step)], replace(step, loss=float("nan")), *events[events.index(step) :]]
    fake_work.setattr(work, "train", lambda *_: fakes.works(*work.watched(broken)))
    start(session, folder, qtbot)
    first = session.training.warnings[0]
    assert first.finding.rule == "loss-not-finite"
    assert "What it finds" in first.page
    assert len(session.training.epochs) == 16  # nothing of the training itself is lost
    start(session, folder, qtbot)
    assert [one.finding.rule for one in session.training.warnings].count("loss-not-finite") == 1
