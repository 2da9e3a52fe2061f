"""cnngui doctor"""

import ctypes
import importlib
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from cnngui import settings
from cnngui.cli.support.console import out
from cnngui.cli.support.system import has_fonts, missing_packages, no_display
from cnngui.errors import RequestError
from cnngui.files import megabytes

_LIBRARIES = ("torch", "torchvision", "numpy", "PIL", "safetensors", "PySide6.QtWidgets", "pyqtgraph")
_PACKAGES = {"PIL": "pillow", "PySide6.QtWidgets": "PySide6-Essentials"}
_FORMATS = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "WebP": ".webp",
    "TIFF": ".tif",
    "GIF": ".gif",
    "BMP": ".bmp",
    "AVIF": ".avif",
    "HEIC": ".heic",
}
_LITTLE_ROOM = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `advice`: it is a problem, and this is what to do about it."""

    name: str
    found: str
    advice: str | None = None


def doctor() -> int:
    """Check everything the program needs."""
    checks = [
        *_python(),
        *_libraries(),
        *_device(),
        *_window(),
        *_pages(),
        *_formats(),
        *_folders(),
        *_settings(),
        *_starter(),
    ]
    problems = [check for check in checks if check.advice is not None]
    for check in problems:
        out(f"PROBLEM  {check.name}: {check.found}")
        out(f"         {check.advice}")
    if problems:
        out("")
    for check in checks:
        if check.advice is None:
            out(f"{check.name:<18} {check.found}")
    out("")
    out(f"{len(problems)} to mend." if problems else "Everything is in order.")
    return 1 if problems else 0


def _python() -> Iterator[Check]:
    from cnngui import __version__

    yield Check("cnngui", f"{__version__} in {Path(__file__).parents[1]}")
    yield Check("Python", f"{platform.python_version()} on {platform.platform()}")


def _libraries() -> Iterator[Check]:
    for module in _LIBRARIES:
        package = _PACKAGES.get(module, module)
        try:
            importlib.import_module(module)
            yield Check(package, version(package))
        except (ImportError, OSError, RuntimeError, PackageNotFoundError) as error:
            yield Check(
                package,
                f"cannot be loaded ({error})",
                "Install cnngui again; from a checkout: delete .venv, then python3 installer/source.py run.",
            )


def _device() -> Iterator[Check]:
    try:
        from cnngui.engine.device import choose

        yield Check("computing on", choose().sentence)
    except (ImportError, OSError):
        return  # torch cannot be loaded, which has been said


def _window() -> Iterator[Check]:
    packages = missing_packages()
    if packages:
        advice = f"On Debian and Ubuntu: apt install {' '.join(packages)}"
        yield Check("libraries for the window", f"{len(packages)} are missing", advice)
    elif sys.platform == "linux":
        yield Check("system libraries", "all there, and fonts" if has_fonts() else "all there")
    yield from _xcb_plugin()
    reason = no_display()
    # Not a problem: a server has none, and the command line does all the work there.
    yield Check("display", f"none: {reason}; the command line works without" if reason else "there is one")


def _xcb_plugin() -> Iterator[Check]:
    """Load Qt's plugin for X11 as Qt would: the loader's own message names what is missing."""
    qt = sys.modules.get("PySide6")
    if sys.platform != "linux" or qt is None or qt.__file__ is None:
        return
    plugin = Path(qt.__file__).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    try:
        ctypes.CDLL(str(plugin))
        yield Check("Qt's X11 plugin", "loads")
    except OSError as error:
        yield Check("Qt's X11 plugin", f"does not load ({error})", "Install the library it names.")


def _pages() -> Iterator[Check]:
    if "PySide6.QtWidgets" in sys.modules:  # else it cannot be loaded, which has been said
        from cnngui.gui.pages import PAGES

        yield Check("pages", ", ".join(kind.key for kind in PAGES))


def _formats() -> Iterator[Check]:
    from cnngui.data.decode import SUFFIXES

    opened = [name for name, suffix in _FORMATS.items() if suffix in SUFFIXES]
    absent = [name for name in _FORMATS if name not in opened]
    yield Check("pictures", ", ".join(opened) + (f"; not {', '.join(absent)}" if absent else ""))


def _folders() -> Iterator[Check]:
    for name, folder in (
        ("data folder", settings.data_dir()),
        ("cache folder", settings.cache_dir()),
        ("settings folder", settings.config_dir()),
    ):
        there = next(parent for parent in (folder, *folder.parents) if parent.exists())
        free = shutil.disk_usage(there).free
        if not there.is_dir() or not os.access(there, os.W_OK):
            yield Check(name, f"{folder} cannot be written", "Set CNNGUI_HOME to a folder that can.")
        elif free < _LITTLE_ROOM:
            yield Check(
                name,
                f"{folder} has {megabytes(free)} left",
                "Make room, or set CNNGUI_HOME to a folder on a larger disk.",
            )
        else:
            yield Check(name, f"{folder} ({megabytes(free)} free)")


def _settings() -> Iterator[Check]:
    for note in settings.load_with_notes()[1]:
        yield Check("settings", note, "Nothing more need be done: defaults are used.")


def _starter() -> Iterator[Check]:
    from cnngui import resources
    from cnngui.engine.header import read

    path = resources.path("models", "starter.safetensors")
    if not path.exists():
        yield Check("starter model", "left out of this copy")
        return
    try:
        header = read(path)
        yield Check("starter model", f"{header.architecture}, {len(header.classes)} classes")
    except RequestError as error:
        yield Check("starter model", str(error), "Install cnngui again.")
