"""Build the installer for this system: python installer/build.py --compute cpu|cuda

Makes a clean environment with the right PyTorch, builds the wheel, freezes the program, tries the frozen
program (smoke.py), packs it, and writes checksums, a list of what is inside (SBOM) and the licences. It works
under build/; what people download lies in dist/ at the end.
"""

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
import tomllib
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from cnngui import __version__  # noqa: E402 - from the checkout that this file is in
from installer.tell import SetupError, tell  # noqa: E402

# PyTorch's own index: its builds for the processor alone are not on the usual one.
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
SYSTEM = {"linux": "linux", "win32": "windows", "darwin": "macos"}[sys.platform]


class Build:
    """The steps of one build, and where their results are. `compute`: cpu or cuda."""

    def __init__(self, compute: str, work: Path, dist: Path) -> None:
        self.compute, self.work, self.dist = compute, work, dist
        self.icons = work / "icons"
        self.bundle = work / "frozen" / "cnngui"
        machine = {"AMD64": "x86_64", "arm64": "arm64"}.get(platform.machine(), platform.machine())
        suffix = "-cuda" if compute == "cuda" else ""
        self.name = f"cnngui-{__version__}-{SYSTEM}-{machine}{suffix}"

    @property
    def python(self) -> Path:
        return self.work / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def inside(self) -> Path:
        """The folder of libraries and modules in the bundle."""
        return self.bundle / "_internal"

    def environment(self) -> None:
        """A clean environment: the wheel with all its extras, the right PyTorch, PyInstaller."""
        tell("Making the environment …")
        shutil.rmtree(self.work / "venv", ignore_errors=True)
        do([sys.executable, "-m", "venv", self.work / "venv"])
        pip = [self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        do([*pip, "--upgrade", "pip>=25.1"])
        shutil.rmtree(self.work / "wheel", ignore_errors=True)
        do(
            [
                self.python,
                "-m",
                "pip",
                "wheel",
                "--quiet",
                "--no-deps",
                "--wheel-dir",
                self.work / "wheel",
                ROOT,
            ]
        )
        (wheel,) = (self.work / "wheel").glob("*.whl")
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        if self.compute == "cpu" and SYSTEM == "linux" and reachable(CPU_INDEX):
            torch = [need for need in project["dependencies"] if need.startswith("torch")]
            do([*pip, "--index-url", CPU_INDEX, *torch])
        extras = ",".join(project["optional-dependencies"])
        do([*pip, f"{wheel}[{extras}]"])
        do([*pip, "--group", f"{ROOT / 'pyproject.toml'}:freeze"])

    def freeze(self) -> None:
        """The frozen program, with the licences of what is in it."""
        tell("Freezing …")
        do([self.python, "-m", "installer.icons", self.icons])
        recipe = ROOT / "installer" / "cnngui.spec"
        do(
            [
                *(self.python, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN", recipe),
                *("--distpath", self.bundle.parent, "--workpath", self.work / "pyinstaller"),
            ],
            CNNGUI_COMPUTE=self.compute,
            CNNGUI_ICONS=str(self.icons),
        )
        contents = self.work / "pyinstaller" / "cnngui" / "contents.json"
        do([self.python, "-m", "installer.contents", contents, self.inside, self.work / "sbom.cdx.json"])

    def smoke(self) -> None:
        """Try the frozen program beside the one in the environment."""
        tell("Trying the frozen program …")
        do([self.python, ROOT / "installer" / "smoke.py", self.bundle])

    def pack(self) -> None:
        """What people download, its checksums and its SBOM."""
        tell("Packing …")
        self.dist.mkdir(parents=True, exist_ok=True)
        if SYSTEM == "linux":
            from installer.linux import package
        elif SYSTEM == "windows":
            from installer.windows import package  # type: ignore[no-redef]
        else:
            from installer.macos import package  # type: ignore[no-redef]
        made = package.make(self.bundle, self.icons, self.dist, self.name)
        sbom = self.dist / f"{self.name}.cdx.json"
        shutil.copy(self.work / "sbom.cdx.json", sbom)
        sums = "".join(f"{sha256(file)}  {file.name}\n" for file in (*made, sbom))
        (self.dist / f"{self.name}.sha256").write_text(sums)
        for file in made:
            tell(f"{file.stat().st_size / 1e6:8.1f} MB  {file}")


def do(command: list[object], **environment: str) -> None:
    """Run a command in the checkout. Raises SetupError, with what it said last, if it fails."""
    words = [str(word) for word in command]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", **environment}
    done = subprocess.run(words, cwd=ROOT, env=env, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise SetupError(f"The build stops: “{' '.join(words)}” failed with status {done.returncode}.")


def reachable(index: str) -> bool:
    try:
        with urllib.request.urlopen(f"{index}/torch/", timeout=20) as answer:  # noqa: S310 - https, fixed
            return bool(answer.status == 200)
    except OSError:
        tell(f"{index} cannot be reached: the usual build of PyTorch is taken, and CUDA left out of it.")
        return False


def sha256(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--compute", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--work", type=Path, default=ROOT / "build", help="where it works (about 9 GB)")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="where the results go")
    parser.add_argument("--from", dest="first", choices=STEPS, default=STEPS[0], help="go on from this step")
    asked = parser.parse_args()
    build = Build(asked.compute, asked.work.resolve() / asked.compute, asked.dist.resolve())
    try:
        for step in STEPS[STEPS.index(asked.first) :]:
            began = time.monotonic()
            getattr(build, step)()
            tell(f"  {step}: {time.monotonic() - began:.0f} s")
    except SetupError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


STEPS = ("environment", "freeze", "smoke", "pack")


if __name__ == "__main__":
    sys.exit(main())
