"""Numbers and durations in words."""

import pytest

from cnngui.gui import text


@pytest.mark.parametrize(
    ("share", "digits", "words"),
    [
        (0.5, 0, "50 %"),
        (0.934, 0, "93 %"),
        (0.934, 1, "93.4 %"),
        (1.0, 0, "100 %"),
        (0.999, 0, "99 %"),
        (0.9999, 1, "99.9 %"),
        (0.0, 0, "0 %"),
        (0.001, 0, "<1 %"),
    ],
)
def test_percent_never_says_certain_or_impossible_of_what_is_not(
    share: float, digits: int, words: str
) -> None:
    assert text.percent(share, digits) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (40, "40 s"), (59.8, "1 min"), (90, "2 min"), (3600, "1 h"), (4800, "1 h 20 min")],
)
def test_duration(seconds: float, words: str) -> None:
    assert text.duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(2, "a few seconds left"), (43, "about 45 s left"), (58, "about 1 min left"), (200, "about 3 min left")],
)
def test_remaining_is_coarse(seconds: float, words: str) -> None:
    assert text.remaining(seconds) == words


def test_counted_and_grouped() -> None:
    assert text.pictures(1) == "1 picture"
    assert text.pictures(0) == "0 pictures"
    assert text.pictures(100_000) == "100,000 pictures"


def test_accuracy_in_words() -> None:
    assert text.accuracy(0.92, 100) == "92 of 100 validation pictures right"
    assert text.accuracy(1.0, 1) == "1 of 1 validation picture right"
    assert text.interval(0.848, 0.959) == "95 % interval 85–96 %"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("ants",), "ants"),
        (("ants", "bees"), "ants and bees"),
        (("a", "b", "c"), "a, b and c"),
        (tuple("abcdefgh"), "a, b, c, d, e and 3 more"),
    ],
)
def test_some_names(names: tuple[str, ...], words: str) -> None:
    assert text.some(names) == words


def test_a_name_that_is_not_text_can_be_shown() -> None:
    assert text.shown("caf\udce9.jpg") == "caf?.jpg"
