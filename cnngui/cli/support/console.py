"""Messages and progress on standard error, results on standard output."""

import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from cnngui.data.index import Unreadable

_SECONDS_BETWEEN_LINES = 10.0
_SECONDS_OF_PACE = 2.0  # results come in batches: the pace of a shorter time means nothing
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def say(sentence: str) -> None:
    """A message: one line on standard error."""
    print(one_line(sentence), file=sys.stderr, flush=True)  # noqa: T201


def one_line(text: str) -> str:
    """`text` with line ends and other control characters, which a file's name may hold, as escapes."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def out(line: str) -> None:
    """A result: one line on standard output."""
    print(line)  # noqa: T201


def percent(fraction: float) -> str:
    return f"{100 * fraction:.1f} %"


def interval(low_high: tuple[float, float]) -> str:
    low, high = low_high
    return f"{100 * low:.1f}–{100 * high:.1f} %"


def count(number: int, one: str, many: str = "") -> str:
    """1 picture, 12,000 pictures."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """A length of time as a person would say it: 45 s, 1 min 20 s, 2 h 5 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def columns(rows: Iterable[Sequence[str]], right: frozenset[int] = frozenset()) -> Iterator[str]:
    """Rows of cells as lines of aligned columns; those numbered in `right` are set to the right."""
    from rich.cells import cell_len

    table = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(cell_len(cell) for cell in column) for column in zip(*table, strict=True)]
    for row in table:
        padded = []
        for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
            space = " " * (width - cell_len(cell))
            padded.append(space + cell if number in right else cell + space)
        yield "  ".join(padded).rstrip()


def say_unreadable(pictures: "Sequence[Unreadable]", what: str = "left out") -> None:
    """Say which pictures cannot be used: all of a few, the first of many."""
    if not pictures:
        return
    say(f"{count(len(pictures), 'picture')} cannot be used and {_are(pictures)} {what}:")
    for picture in pictures[:10]:
        say(f"  {picture.path}: {picture.reason}")
    if len(pictures) > 10:
        say(f"  … and {len(pictures) - 10:,} more")


def _are(things: Sequence[object]) -> str:
    return "is" if len(things) == 1 else "are"


def terminal() -> "Console":
    """Standard error, as rich sees it."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False)


class Progress:
    """How far a work of many equal parts is: a bar on a terminal, now and then a line elsewhere.

    Use as a context manager. With `estimates`, it says how long the rest will take at the pace since the
    first part was ready: what comes before that, such as loading PyTorch, comes once.
    """

    def __init__(self, title: str, unit: str = "picture", *, estimates: bool = True) -> None:
        self._title, self._unit, self._estimates = title, unit, estimates
        self._said = time.monotonic()
        self._first: tuple[float, int] | None = None  # when the first parts were ready, and how many
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        console = terminal()
        if console.is_terminal:
            self._bar = _bar(console, self._estimates)
            self._task = self._bar.add_task(self._title, total=None, note="")
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def update(self, done: int, total: int | None = None, note: str = "") -> None:
        """`done` of `total` parts are ready (None: nobody knows of how many); `note` is shown behind."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=total, note=note)
            return
        now = time.monotonic()
        if self._first is None and done:
            self._first = now, done
        if now - self._said >= _SECONDS_BETWEEN_LINES:
            self._said = now
            say(self._line(done, total, now) + (f", {note}" if note else ""))

    def _line(self, done: int, total: int | None, now: float) -> str:
        if total is None:
            return f"{self._title}: {count(done, self._unit)} so far"
        line = f"{self._title}: {done:,} of {count(total, self._unit)}"
        if self._estimates and self._first is not None:
            since, before = self._first
            seconds = now - since
            if done > before and seconds >= _SECONDS_OF_PACE:
                line += f", about {duration(seconds / (done - before) * (total - done))} left"
        return line


def _bar(console: "Console", estimates: bool) -> "Bar":
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    return Bar(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        *([TimeRemainingColumn(compact=True)] if estimates else []),
        TextColumn("{task.fields[note]}"),
        console=console,
        transient=True,
        redirect_stdout=False,  # results stay on standard output
    )
