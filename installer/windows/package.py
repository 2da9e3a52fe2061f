"""What people on Windows download: a set-up program made by Inno Setup 6."""

import os
import shutil
import subprocess
from pathlib import Path

from cnngui import __version__
from installer.tell import SetupError

HERE = Path(__file__).parent


def make(bundle: Path, icons: Path, dist: Path, name: str) -> list[Path]:
    """Write `name`.exe to `dist`; signed with the command in CNNGUI_SIGN_WITH, if there is one."""
    compiler = shutil.which("ISCC") or shutil.which("ISCC", path=r"C:\Program Files (x86)\Inno Setup 6")
    if compiler is None:
        raise SetupError(
            "Inno Setup 6 is missing (ISCC.exe). Install it from https://jrsoftware.org/isdl.php."
        )
    words = {"Version": __version__, "Bundle": bundle, "Icons": icons, "Output": dist, "Name": name}
    command = [compiler, "/Q", *(f"/D{key}={value}" for key, value in words.items())]
    if sign := os.environ.get("CNNGUI_SIGN_WITH"):
        command += ["/DSignTool=cnngui", f"/Scnngui={sign} $f"]
    subprocess.run([*command, str(HERE / "cnngui.iss")], check=True)
    return [dist / f"{name}.exe"]
