"""What the window needs of the system: libraries, fonts, a display that answers.

Standard library alone: installer/source.py reads it before anything is installed.
"""

import ctypes
import os
import socket
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

# What PySide6 needs and does not bring: the file, and Debian's package.
QT_LIBRARIES: Mapping[str, str] = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
# What a window on an X server needs besides.
XCB_LIBRARIES: Mapping[str, str] = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
FONT_PACKAGE = "fonts-inter"

_SECONDS_FOR_AN_ANSWER = 5.0


def missing_libraries(*tables: Mapping[str, str]) -> list[str]:
    """The Debian packages of the libraries that cannot be loaded here; nothing on macOS and Windows."""
    if sys.platform != "linux":
        return []
    return [package for table in tables for file, package in table.items() if not _loads(file)]


def missing_packages() -> list[str]:
    """All Debian packages that the window still needs here, the fonts included."""
    packages = missing_libraries(QT_LIBRARIES, XCB_LIBRARIES)
    return packages if sys.platform != "linux" or has_fonts() else [*packages, FONT_PACKAGE]


def no_display() -> str | None:
    """Why no window can be opened here, as a clause ("DISPLAY is “:5”, but …"), or None if one can."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return None  # elsewhere there always is one; and who names a platform for Qt knows what they want
    display, wayland = os.environ.get("DISPLAY"), os.environ.get("WAYLAND_DISPLAY")
    if on_wayland():
        return None
    if display:
        return None if _x_answers() else f"DISPLAY is “{display}”, but no X server answers there"
    if wayland:
        return f"WAYLAND_DISPLAY is “{wayland}”, but no compositor answers there"
    return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"


def on_wayland() -> bool:
    """Whether a Wayland compositor answers."""
    display = os.environ.get("WAYLAND_DISPLAY")
    return display is not None and _wayland_answers(display)


def _loads(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def has_fonts() -> bool:
    """Whether there is a font file in any of the usual folders of Linux."""
    home = Path.home()
    folders = [
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".local/share/fonts",
        home / ".fonts",
    ]
    return any(
        name.lower().endswith((".ttf", ".otf", ".ttc", ".pfb"))
        for folder in folders
        for _, _, names in os.walk(folder)
        for name in names
    )


def _wayland_answers(display: str) -> bool:
    path = os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), display)  # noqa: PTH118 - may be absolute
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_SECONDS_FOR_AN_ANSWER)
        try:
            connection.connect(path)
        except OSError:
            return False
    return True


def _x_answers() -> bool:
    """Connect as Qt will, with the person's authority file. A server that is far away may never answer."""
    answers: list[bool] = []
    asking = threading.Thread(target=lambda: answers.append(_xcb_connects()), daemon=True)
    asking.start()
    asking.join(_SECONDS_FOR_AN_ANSWER)
    return bool(answers and answers[0])


def _xcb_connects() -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not failed
