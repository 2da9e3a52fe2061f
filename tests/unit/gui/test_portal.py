"""Light or dark as a Linux desktop says it, asked of a portal on a bus of the test's own."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

DAEMON = shutil.which("dbus-daemon")

BUS = """
<busconfig>
  <listen>unix:tmpdir={0}</listen>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
"""

PORTAL = """
import sys
from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusVariant
from cnngui.gui import portal

@ClassInfo({"D-Bus Interface": "org.freedesktop.portal.Settings"})
class Settings(QObject):
    scheme = 0

    @Slot(str, str, result=QDBusVariant)
    def Read(self, group, key):
        assert (group, key) == ("org.freedesktop.appearance", "color-scheme")
        return QDBusVariant(QDBusVariant(self.scheme))

app = QCoreApplication([])
print(portal.says_dark(), end=" ")
settings = Settings()
bus = QDBusConnection.sessionBus()
bus.registerObject("/org/freedesktop/portal/desktop", settings, QDBusConnection.RegisterOption.ExportAllSlots)
assert bus.registerService("org.freedesktop.portal.Desktop")
for settings.scheme in (0, 1, 2):
    print(portal.says_dark(), end=" ")
listener = portal.Listener(app.quit, app)
for group in ("org.example", "org.freedesktop.appearance"):
    change = QDBusMessage.createSignal(
        "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings", "SettingChanged"
    )
    change.setArguments([group, "color-scheme", QDBusVariant(1)])
    bus.send(change)
app.exec()
print("heard")
"""


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[str]:
    """The address of a bus that starts no services."""
    assert DAEMON
    config = tmp_path / "bus.conf"
    config.write_text(BUS.format(tempfile.gettempdir()))
    command = [DAEMON, f"--config-file={config}", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout
        yield daemon.stdout.readline().strip()
        daemon.terminate()


@pytest.mark.skipif(not DAEMON, reason="there is no dbus-daemon")
def test_the_portal_is_asked_and_listened_to(bus: str) -> None:
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": bus}
    result = subprocess.run(
        [sys.executable, "-c", PORTAL], env=environment, capture_output=True, text=True, timeout=60
    )
    assert result.stdout == "False False True False heard\n", result.stderr
