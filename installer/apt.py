"""Debian packages, where we may install them."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence

from installer.tell import tell


def install(packages: Sequence[str]) -> bool:
    """Install Debian packages as root or with a sudo that asks nothing; True if they were installed."""
    prefix = _prefix()
    if prefix is None:
        return False
    tell(f"Installing system packages: {' '.join(packages)} …")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]
    wanted = [*apt, "install", "-y", "--no-install-recommends", *packages]
    # A fresh system has no package lists, or old ones that name files the servers no longer hold.
    return _works(wanted, quiet=True) or (_works([*apt, "update"]) and _works(wanted))


def by_hand(packages: Sequence[str]) -> str:
    """What to type where we may not."""
    return f"sudo apt-get install {' '.join(packages)}"


def _prefix() -> list[str] | None:
    """What to put before apt-get, or None where it cannot be used."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _works(["sudo", "-n", "true"], quiet=True):
        return ["sudo", "-n"]
    return None


def _works(command: Sequence[str], *, quiet: bool = False) -> bool:
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT)
        if done.returncode and not quiet:
            said.seek(0)
            for line in said.read().decode(errors="replace").splitlines()[-5:]:
                tell(f"  {line}")
    return done.returncode == 0
