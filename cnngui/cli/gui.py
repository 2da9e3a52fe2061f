"""cnngui gui, and cnngui with nothing or with paths."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cnngui.cli.support.system import QT_LIBRARIES, XCB_LIBRARIES, missing_libraries, no_display, on_wayland
from cnngui.errors import RequestError


def gui(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH",
            help="What to open in it, as if dropped on it.",
            readable=False,
            show_default=False,
        ),
    ] = None,
) -> int:
    """Open the window."""
    return open_window(paths or [])


def open_window(paths: Sequence[Path], *, demo: bool = False) -> int:
    """Open the window on `paths`, with the demonstration running if `demo`; return its exit status.

    Raises RequestError where no window can be opened, or for a path that is not there.
    """
    for path in paths:
        if not path.exists():
            raise RequestError(f"There is no file or folder {path}.")
    problem = window_problem()
    if problem is not None:
        raise RequestError(
            f"The window cannot be opened: {problem}. "
            "“cnngui train” and “cnngui classify” do the work without it."
        )
    from cnngui import bootstrap

    bootstrap.before_qt()
    from cnngui.gui.app import main

    return main([str(path.absolute()) for path in paths], demo=demo)


def window_problem() -> str | None:
    """Why no window can be opened here, as a clause, or None if one can."""
    reason = no_display()
    if reason is not None:
        return reason
    # On another platform for Qt than X11, its plugin's libraries are not needed.
    elsewhere = on_wayland() or os.environ.get("QT_QPA_PLATFORM")
    packages = missing_libraries(QT_LIBRARIES, {} if elsewhere else XCB_LIBRARIES)
    if not packages:
        return None
    return f"libraries are missing (on Debian and Ubuntu: sudo apt-get install {' '.join(packages)})"
