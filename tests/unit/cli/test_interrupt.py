"""Real signals to a real process."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from cnngui.cancel import Cancel
from cnngui.cli.support.interrupt import interruptible

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")

# "long" work does not listen: only a second signal ends it.
WORK = """
import sys
from cnngui.cancel import Cancel
from cnngui.cli.support.interrupt import interruptible
cancel = Cancel()
with interruptible(cancel) as interrupt:
    print("ready", flush=True)
    while not cancel.stopped:
        pass
    print("stopping", flush=True)
    if sys.argv[1] == "long":
        while True:
            pass
sys.exit(interrupt.status)
"""


def start(kind: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen([sys.executable, "-c", WORK, kind], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_once_the_work_ends_well(number: signal.Signals) -> None:
    with start("short") as process:
        process.send_signal(number)
        assert process.wait() == 128 + number
        assert process.stdout is not None
        assert process.stdout.read() == "stopping\n"


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_asked_twice_the_process_ends_now(second: signal.Signals) -> None:
    with start("long") as process:
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        assert process.stdout.readline() == "stopping\n"
        process.send_signal(second)
        assert process.wait() == 128 + second


def test_afterwards_signals_are_what_they_were() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interruptible(Cancel()) as interrupt:
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before
    assert interrupt.status == 0


def test_another_thread_is_refused() -> None:
    errors: list[RuntimeError] = []

    def enter() -> None:
        try:
            with interruptible(Cancel()):
                pass
        except RuntimeError as error:
            errors.append(error)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert len(errors) == 1
