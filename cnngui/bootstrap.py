"""What must happen before Qt or torch is imported, and what is done about a fault of our own."""

import contextlib
import faulthandler
import io
import multiprocessing
import os
import platform
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

# Apart from 0, 1 and 2, which say how a request went (sysexits.h calls it EX_SOFTWARE).
EXIT_FAULT = 70

_REPORTS_KEPT = 20


def prepare() -> None:
    """Make the process ready. Called once, first of all; imports neither Qt nor torch."""
    multiprocessing.freeze_support()  # in a frozen program a worker process starts here and ends here
    # pyqtgraph takes the first Qt binding it finds; another one beside ours would be mixed in.
    os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"
    if "OMP_WAIT_POLICY" not in os.environ:
        # How often PyTorch's threads on Linux look for more work before they sleep. The usual 300,000 make
        # them fight over a core that another program needs as well: with two busy programs on two cores a
        # training of small pictures ran 4 to 10 times faster with this, and as fast as ever alone.
        os.environ.setdefault("GOMP_SPINCOUNT", "5000")
    _forgiving_streams()
    if sys.stderr is not None:  # a windowed program on Windows has none
        with contextlib.suppress(io.UnsupportedOperation):  # nor has a captured one a file number
            faulthandler.enable()
    sys.excepthook = _on_fault
    threading.excepthook = _on_thread_fault


def before_qt() -> None:
    """To be called before the first import of Qt."""
    if sys.platform == "win32":
        # Qt loads a C++ runtime of its own, after which torch >= 2.9 cannot load its libraries
        # (pytorch#166628). The other way round both work.
        import torch  # noqa: F401


def report_fault(error: BaseException) -> str:
    """Write a crash report and return the one sentence that says what happened and where the report is."""
    what = f"{type(error).__name__}: {error}".splitlines()[0].rstrip(".")
    try:
        place = f"The report is in {_write_report(error)}"
    except OSError as problem:
        place = f"No report could be written ({problem.strerror})"
        traceback.print_exception(error)
    return f"cnngui failed by a fault of its own ({what}). {place}; please send it to the makers."


def _write_report(error: BaseException) -> Path:
    from cnngui import __version__
    from cnngui.settings import data_dir

    folder = data_dir() / "crashes"
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob("*.txt"))[: -_REPORTS_KEPT + 1]:
        old.unlink(missing_ok=True)
    now = datetime.now(UTC)
    path = folder / f"{now:%Y-%m-%dT%H-%M-%S-%fZ}.txt"
    about = (
        f"cnngui {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"{now.isoformat(timespec='seconds')}, arguments: {sys.argv[1:]!r}",
    )
    text = "\n".join(about) + "\n\n" + "".join(traceback.format_exception(error))
    path.write_text(text, encoding="utf-8", errors="backslashreplace")
    return path


def _on_fault(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, where)
        return
    _tell(report_fault(error))


def _on_thread_fault(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _tell(report_fault(args.exc_value))


def _tell(sentence: str) -> None:
    if sys.stderr is not None:
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - the last resort


def _forgiving_streams() -> None:
    """No name of a file or class may stop the program, whatever the terminal can show.

    On UTF-8 a file name that is not valid goes out as the bytes it came in with; elsewhere what cannot
    be shown is written as an escape.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            utf8 = stream.encoding.lower().replace("-", "") == "utf8"
            stream.reconfigure(errors="surrogateescape" if utf8 else "backslashreplace")
