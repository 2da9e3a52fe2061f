"""Light or dark, as a Linux desktop says it through its portal.

Qt asks the portal on some desktops only, and on GNOME goes by the toolkit's own theme until the next change.
"""

import os
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage, QDBusVariant

_PORTAL = "org.freedesktop.portal"
_WHERE = (f"{_PORTAL}.Desktop", "/org/freedesktop/portal/desktop", f"{_PORTAL}.Settings")
_WHAT = ["org.freedesktop.appearance", "color-scheme"]
_DARK = 1  # 0 is no preference, 2 light
_WAIT = 500  # milliseconds for an answer, which takes a few


def is_there() -> bool:
    """Whether there may be a portal; Qt would try to start a bus where none is named."""
    return "DBUS_SESSION_BUS_ADDRESS" in os.environ


def says_dark() -> bool:
    """Whether the desktop asks for dark; False where nobody answers."""
    question = QDBusMessage.createMethodCall(*_WHERE, "Read")
    question.setArguments(_WHAT)
    answer = QDBusConnection.sessionBus().call(question, QDBus.CallMode.Block, _WAIT)
    return [_plain(value) for value in answer.arguments()] == [_DARK]


class Listener(QObject):
    """Calls `heard` whenever the desktop changes between light and dark."""

    def __init__(self, heard: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._heard = heard
        slot: Any = SLOT("changed(QDBusMessage)")  # the stubs ask for bytes, which are refused
        QDBusConnection.sessionBus().connect(*_WHERE, "SettingChanged", self, slot)

    @Slot(QDBusMessage)
    def changed(self, message: QDBusMessage) -> None:
        if message.arguments()[:2] == _WHAT:
            self._heard()


def _plain(value: object) -> object:
    """What is in a variant, or in a variant within it."""
    return _plain(value.variant()) if isinstance(value, QDBusVariant) else value
