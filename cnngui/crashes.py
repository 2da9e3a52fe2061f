"""Crash reports: text files that a person can read, kept on this computer and sent nowhere.

A fault that Python sees is written as it happens. Of a fault in a library (a crash that ends the process at
once) only Python's `faulthandler` can still write down where; the next start makes a report of it.
"""

import contextlib
import faulthandler
import platform
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cnngui import __version__
from cnngui.settings import data_dir

_KEPT = 20
_OFFERED = "offered"  # the file that holds the name of the newest report that was offered
_TRACE = ".trace"  # what faulthandler writes into: empty as long as all is well


def folder() -> Path:
    return data_dir() / "crashes"


def write(error: BaseException) -> Path:
    """Write a report of an exception and return where it is. Raises OSError if it cannot be written."""
    now = datetime.now(UTC)
    about = f"{now.isoformat(timespec='seconds')}, arguments: {sys.argv[1:]!r}"
    return _save(_name(now), __version__, f"{about}\n\n" + "".join(traceback.format_exception(error)))


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """While the block runs, a crash in a library leaves a trace for the next start. Raises nothing: a trace
    that cannot be written is done without."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        trace = folder() / f"{_name(datetime.now(UTC))} {__version__}{_TRACE}"
        file = trace.open("w", encoding="utf-8")
    except OSError:
        yield
        return
    with file:
        faulthandler.enable(file)
        try:
            yield
        finally:
            faulthandler.disable()
    trace.unlink(missing_ok=True)


def unseen() -> Path | None:
    """The newest report that `seen` was not told of, or None."""
    with contextlib.suppress(OSError):
        _read_traces()
        mark = folder() / _OFFERED
        known = mark.read_text(encoding="utf-8") if mark.exists() else ""
        newest = max(folder().glob("*.txt"), default=None)
        return newest if newest and newest.name > known else None
    return None


def seen(report: Path) -> None:
    """Do not offer this report again, nor an older one."""
    with contextlib.suppress(OSError):  # then it is offered once more
        (folder() / _OFFERED).write_text(report.name, encoding="utf-8")


def _read_traces() -> None:
    """Make reports of the traces that crashes left."""
    for trace in folder().glob(f"*{_TRACE}"):
        if trace.stat().st_size:  # an empty one belongs to a program that runs, or that was killed
            when, _, version = trace.stem.partition(" ")
            what = "The program ended at once, by a fault in a library. Where it was, the newest call first:"
            _save(when, version, f"{what}\n\n" + trace.read_text(encoding="utf-8", errors="replace"))
            trace.unlink()


def _name(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H-%M-%S-%fZ}"


def _save(name: str, version: str, text: str) -> Path:
    folder().mkdir(parents=True, exist_ok=True)
    for kind in ("*.txt", f"*{_TRACE}"):
        for old in sorted(folder().glob(kind))[: -_KEPT + 1]:
            old.unlink(missing_ok=True)
    path = folder() / f"{name}.txt"
    about = f"cnngui {version}, Python {platform.python_version()}, {platform.platform()}"
    path.write_text(f"{about}\n{text}", encoding="utf-8", errors="backslashreplace")
    return path
