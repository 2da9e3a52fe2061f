"""What people on macOS download: a disk image with the program and a link to the Applications folder.

Signing and notarising are done where the environment says with what:
CNNGUI_SIGN_AS           the identity ("Developer ID Application: …"); the recipe signs the program with it
CNNGUI_NOTARY_PROFILE    a profile made by `xcrun notarytool store-credentials`
"""

import os
import shutil
import subprocess
from pathlib import Path


def make(bundle: Path, _icons: Path, dist: Path, name: str) -> list[Path]:
    """Write `name`.dmg to `dist`."""
    folder, image = bundle.parent / "dmg", dist / f"{name}.dmg"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copytree(bundle.parent / "cnngui.app", folder / "cnngui.app", symlinks=True)
    (folder / "Applications").symlink_to("/Applications")
    _do("hdiutil", "create", "-ov", "-volname", "cnngui", "-srcfolder", folder, "-format", "UDZO", image)
    if identity := os.environ.get("CNNGUI_SIGN_AS"):
        _do("codesign", "--sign", identity, "--timestamp", image)
    if profile := os.environ.get("CNNGUI_NOTARY_PROFILE"):
        _do("xcrun", "notarytool", "submit", image, "--keychain-profile", profile, "--wait")
        _do("xcrun", "stapler", "staple", image)
    shutil.rmtree(folder)
    return [image]


def _do(*command: str | Path) -> None:
    subprocess.run(command, check=True)
