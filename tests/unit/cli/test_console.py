"""Messages, figures and progress."""

import io
import os
import sys
import threading

import pytest

from cnngui.cli.support import console
from cnngui.cli.support.console import Progress, columns, count, duration, one_line, percent, say_unreadable
from cnngui.data.index import Unreadable


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (-1, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (80, "1 min 20 s"),
        (601, "10 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
    ],
)
def test_durations_are_said_as_people_say_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_figures() -> None:
    assert count(1, "picture") == "1 picture"
    assert count(12_000, "picture") == "12,000 pictures"
    assert count(2, "class", "classes") == "2 classes"
    assert percent(0.98765) == "98.8 %"
    assert console.interval((0.5, 0.7512)) == "50.0–75.1 %"


def test_columns_are_aligned_for_wide_letters_too() -> None:
    assert list(columns([("a", "1"), ("蜂蜂", "200")], right=frozenset({1}))) == ["a       1", "蜂蜂  200"]


def test_a_name_cannot_break_a_line_or_drive_the_terminal() -> None:
    assert one_line("a\nb\x1b[31m\u2028é") == "a\\nb\\x1b[31m\\u2028é"


def test_many_unreadable_pictures_are_cut_short(capsys: pytest.CaptureFixture[str]) -> None:
    say_unreadable([])
    say_unreadable([Unreadable("a.jpg", "It is empty.")])
    say_unreadable([Unreadable(f"{n}.jpg", "It is empty.") for n in range(12)])
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == ["1 picture cannot be used and is left out:", "  a.jpg: It is empty."]
    assert lines[2] == "12 pictures cannot be used and are left out:"
    assert lines[-1] == "  … and 2 more"


def test_in_a_log_progress_is_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr("cnngui.cli.support.console.time.monotonic", lambda: now)
    with Progress("Reading") as progress:
        for step in range(1, 26):
            now = float(step)
            progress.update(step, 100)
        now = 40.0
        progress.update(40, None, "in pets")
    assert capsys.readouterr().err.splitlines() == [
        "Reading: 10 of 100 pictures, about 1 min 30 s left",
        "Reading: 20 of 100 pictures, about 1 min 20 s left",
        "Reading: 40 pictures so far, in pets",
    ]


def test_the_remaining_time_is_not_of_what_came_before_the_first_part(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([0.0, 12.0, 12.1, 17.0, 22.0, 22.0, 31.9, 32.0])
    monkeypatch.setattr("cnngui.cli.support.console.time.monotonic", lambda: next(times))
    for parts in ((1, 32, 600, 1001), (1, 64)):  # the second time a batch at once
        with Progress("Classifying") as progress:
            for done in parts:
                progress.update(done, 5001)
    assert capsys.readouterr().err.splitlines() == [
        "Classifying: 1 of 5,001 pictures",
        "Classifying: 1,001 of 5,001 pictures, about 40 s left",
        "Classifying: 64 of 5,001 pictures",
    ]


def _read(master: int) -> bytes:
    try:
        return os.read(master, 1 << 16)
    except OSError:  # how Linux says that the other side was closed
        return b""


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_on_a_terminal_progress_is_a_bar_and_results_stay_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import pty

    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    master, slave = pty.openpty()
    reader = threading.Thread(target=lambda: pieces.extend(iter(lambda: _read(master), b"")))
    pieces: list[bytes] = []
    results = io.StringIO()
    reader.start()
    with os.fdopen(slave, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setattr(sys, "stdout", results)
        with Progress("Reading") as progress:
            progress.update(30, 100, "in pets")
            console.say("a message")
            console.out("a result")
    reader.join()
    os.close(master)
    shown = b"".join(pieces).decode()
    assert "30/100" in shown
    assert "in pets" in shown
    assert "a message" in shown
    assert "a result" not in shown
    assert results.getvalue() == "a result\n"
