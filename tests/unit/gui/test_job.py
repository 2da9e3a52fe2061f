"""Job: stop, pause, detach, exceptions, and where all of it arrives."""

import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QThread
from pytestqt.qtbot import QtBot

from cnngui.cancel import Cancel
from cnngui.errors import RequestError
from cnngui.gui import job
from cnngui.gui.job import Job
from tests.unit.gui.fakes import works


def test_reports_every_item_in_order_and_then_ends_once(qtbot: QtBot) -> None:
    heard: list[object] = []
    work = Job(works(1, 2, 3))
    work.reported.connect(heard.append)
    work.ended.connect(lambda problem: heard.append(("ended", problem)))
    with qtbot.waitSignal(work.ended):
        work.begin()
    assert heard == [1, 2, 3, ("ended", None)]
    assert work.isFinished()
    assert work not in job.alive()


def test_reports_arrive_on_the_window_thread_while_the_work_runs_on_another(qtbot: QtBot) -> None:
    threads: list[object] = []

    def where(_cancel: Cancel) -> Iterator[object]:
        yield QThread.currentThread()

    work = Job(where)
    work.reported.connect(lambda worker: threads.extend((worker, QThread.currentThread())))
    with qtbot.waitSignal(work.ended):
        work.begin()
    assert threads == [work, QCoreApplication.instance().thread()]  # type: ignore[union-attr]


def test_stop_ends_the_work_after_its_step(qtbot: QtBot) -> None:
    def endless(cancel: Cancel) -> Iterator[object]:
        number = 0
        while not cancel.check():
            yield (number := number + 1)
        yield "stopped"

    heard: list[object] = []
    work = Job(endless)
    work.reported.connect(heard.append)
    work.reported.connect(lambda item: work.stop() if item == 5 else None)
    with qtbot.waitSignal(work.ended):
        work.begin()
    assert heard[:5] == [1, 2, 3, 4, 5]
    assert heard[-1] == "stopped"
    assert work.stopped


def test_pause_holds_the_work_and_resume_lets_it_go_on(qtbot: QtBot) -> None:
    at_pause, go_on = threading.Event(), threading.Event()
    steps: list[int] = []

    def work_in_steps(cancel: Cancel) -> Iterator[object]:
        for number in range(4):
            if number == 2:
                at_pause.set()
                go_on.wait()
            cancel.check()
            steps.append(number)
            yield number

    work = Job(work_in_steps)
    with qtbot.waitSignal(work.ended):
        work.begin()
        at_pause.wait()
        work.pause()
        assert work.paused
        go_on.set()
        assert steps == [0, 1]  # it waits in check() now or will: no step can be made
        work.resume()
    assert steps == [0, 1, 2, 3]


def test_detach_silences_what_is_already_queued(qtbot: QtBot) -> None:
    """300 events wait in the queue when the job is detached; none of them may arrive."""
    all_sent = threading.Event()

    def burst(_cancel: Cancel) -> Iterator[object]:
        yield from range(300)
        all_sent.set()

    heard: list[object] = []
    work = Job(burst)
    work.reported.connect(heard.append)
    work.ended.connect(heard.append)
    work.begin()
    all_sent.wait()  # without running the event loop: everything is queued
    work.detach()
    qtbot.waitUntil(lambda: work not in job.alive())
    assert heard == []
    assert work.stopped


def test_a_request_error_is_carried_and_shown_as_it_stands(qtbot: QtBot) -> None:
    def refuse(_cancel: Cancel) -> Iterator[object]:
        yield 1
        raise RequestError("The folder is empty. Choose another.")

    work = Job(refuse)
    with qtbot.waitSignal(work.ended) as ended:
        work.begin()
    assert ended.args is not None
    assert job.sentence(ended.args[0]) == "The folder is empty. Choose another."


def test_a_fault_is_logged_and_reported_and_said_in_one_sentence(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture, own_home: Path
) -> None:
    def break_down(_cancel: Cancel) -> Iterator[object]:
        yield 1
        raise ZeroDivisionError("division by zero\nand more")

    work = Job(break_down)
    with caplog.at_level(logging.ERROR), qtbot.waitSignal(work.ended) as ended:
        work.begin()
    assert ended.args is not None
    words = job.sentence(ended.args[0])
    assert words.startswith("cnngui failed by a fault of its own (ZeroDivisionError: division by zero).")
    (report,) = (own_home / "data" / "crashes").iterdir()
    assert str(report) in words
    assert "break_down" in report.read_text(encoding="utf-8")
    assert "break_down" in caplog.text


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (OSError(28, "No space left on device"), "disk is full"),
        (MemoryError(), "out of memory"),
        (ValueError(), "a fault of its own (ValueError"),
    ],
)
def test_sentences_of_common_faults(qapp: object, problem: Exception, words: str) -> None:
    assert words in job.sentence(problem)


def test_a_running_job_survives_its_last_reference(qtbot: QtBot) -> None:
    go_on, done = threading.Event(), threading.Event()

    def wait(_cancel: Cancel) -> Iterator[object]:
        go_on.wait()
        done.set()
        yield 1

    Job(wait).begin()
    assert len(job.alive()) == 1
    go_on.set()
    qtbot.waitUntil(lambda: not job.alive())
    assert done.is_set()


def test_wait_for_all_stops_what_runs(qtbot: QtBot) -> None:
    def endless(cancel: Cancel) -> Iterator[object]:
        while not cancel.check():
            yield 1

    first, second = Job(endless).begin(), Job(endless).begin()
    second.pause()
    job.wait_for_all()
    assert first.isFinished()
    assert second.isFinished()
    assert not job.alive()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a niceness per thread")
@pytest.mark.parametrize(("patient", "niceness"), [(True, 19), (False, 5)])
def test_the_worker_lowers_itself_and_not_the_window(qtbot: QtBot, patient: bool, niceness: int) -> None:
    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def priority(_cancel: Cancel) -> Iterator[object]:
        yield os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    heard: list[object] = []
    work = Job(priority, patient=patient)
    work.reported.connect(heard.append)
    with qtbot.waitSignal(work.ended):
        work.begin()
    assert heard == [max(niceness, before)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
