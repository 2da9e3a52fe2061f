"""What holds for every test: a home of its own, no Qt warnings, no thread left running.

pytest-qt fails a test on every warning of Qt (`qt_log_level_fail` in pyproject.toml).
"""

import os
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from pytestqt.wait_signal import SignalBlocker

# Before anything imports Qt. To watch the tests on a screen, set it to the screen's platform.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from cnngui.gui import job

_PATIENCE = 60_000  # milliseconds until something that should happen is given up
_GRACE = 5.0  # seconds for a thread that was asked to end


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The offscreen platform says so of every window; it is nothing of ours.
    ignored = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
    for item in items:
        item.add_marker(ignored)


class PatientBot(QtBot):
    """Waits for facts as long as a busy machine may need; what never comes still fails."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = _PATIENCE) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(
        self,
        signal: Any,
        *,
        timeout: int = _PATIENCE,
        raising: bool | None = None,
        check_params_cb: Callable[..., bool] | None = None,
    ) -> SignalBlocker:
        return super().waitSignal(signal, timeout=timeout, raising=raising, check_params_cb=check_params_cb)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> PatientBot:
    return PatientBot(request)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Data, cache and settings in a folder of the test's own."""
    home = tmp_path / "cnngui-home"
    monkeypatch.setenv("CNNGUI_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def no_thread_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a thread or a job running, and say where it was started."""
    started: dict[object, str] = {}
    start, begin = threading.Thread.start, job.Job.begin

    def start_noted(thread: threading.Thread) -> None:
        started[thread] = _where()
        start(thread)

    def begin_noted(self: job.Job) -> job.Job:
        started[self] = _where()
        return begin(self)

    monkeypatch.setattr(threading.Thread, "start", start_noted)
    monkeypatch.setattr(job.Job, "begin", begin_noted)
    jobs_before, threads_before = job.alive(), set(threading.enumerate())
    yield
    # What ends by itself within the grace is not left running: a thumbnail may just be being made.
    left = [one for one in job.alive() - jobs_before if not one.wait(int(1000 * _GRACE))]
    threads = [one for one in threading.enumerate() if one not in threads_before and one in started]
    for thread in threads:
        thread.join(_GRACE)
    still: list[object] = [*left, *(thread for thread in threads if thread.is_alive())]
    for one in left:
        one.detach()
        one.wait()
    if still:
        pytest.fail(
            "\n".join(f"{one} was left running. It was started here:\n{started[one]}" for one in still)
        )


def _where() -> str:
    return "".join(traceback.format_stack()[-8:-2])
