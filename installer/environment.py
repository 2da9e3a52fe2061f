"""The checkout's own environment: .venv, what is installed in it, and the system libraries it needs.

Every step can be interrupted, and the next start goes on. Standard library only.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from cnngui.cli.support.system import missing_packages
from installer import apt
from installer.pip import pip
from installer.source import suits
from installer.tell import SetupError, tell

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"

# PyTorch for Linux brings its CUDA libraries. The room is for the downloads as well, for a while.
_INSTALLED, _GIGABYTES = ("5.5 GB", 8) if sys.platform == "linux" else ("1.5 GB", 3)


def run() -> int:
    """Set up, then show the main job."""
    _set_up("run")
    return _become([str(_python()), "-m", "cnngui", "demo"])


def test(arguments: Sequence[str]) -> int:
    """Set up with the development tools, then run the whole test suite."""
    _set_up("test")
    if sys.platform == "linux" and shutil.which("Xvfb") is None and not apt.install(["xvfb", "xauth"]):
        tell("There is no Xvfb: the tests that need a screen will be skipped.")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # The tests' networks are so small that a second thread costs more than it brings.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    return _become([str(_python()), "-m", "pytest", *arguments])


def _python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _become(command: Sequence[str]) -> int:
    """Run the command in place of this process, so that signals and the exit status are its own."""
    os.chdir(ROOT)
    if os.name != "nt":
        sys.stdout.flush()
        os.execv(command[0], list(command))  # noqa: S606 - no shell is wanted
    with subprocess.Popen(command) as process:
        while True:
            with contextlib.suppress(KeyboardInterrupt):  # it gets the same Ctrl+C and decides
                return process.wait()


def _set_up(goal: str) -> None:
    packages = missing_packages()
    if packages and not apt.install(packages):
        tell(
            f"The window needs system libraries that are missing. Install them with: {apt.by_hand(packages)}"
        )
    if _stamped(goal):
        return
    try:
        VENV.mkdir(exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"Cannot write {VENV}: {error.strerror}. Put the checkout where you can write."
        ) from error
    with _alone():
        if not _stamped(goal):  # another start may have done it meanwhile
            _environment()
            _install(goal)


def _install(goal: str) -> None:
    began = time.monotonic()
    if _has_torch():
        tell("Installing what is missing …")
    else:
        _check_room()
        tell(f"Installing PyTorch and the rest (about {_INSTALLED} on disk; a few minutes) …")
    shutil.rmtree(VENV / "downloads", ignore_errors=True)  # a set-up that was killed left its own there
    log = VENV / "cnngui-set-up.log"
    log.write_text("")
    _forget_half_installed()
    pip(
        _python(), ["install", "--upgrade", "pip>=25.1"], ROOT, log
    )  # older ones know neither --group nor raw
    group = ["--group", "dev"] if goal == "test" else []
    pip(_python(), ["install", "--progress-bar", "raw", "--editable", ".", *group], ROOT, log)
    shutil.rmtree(VENV / "downloads", ignore_errors=True)
    _stamp(goal)
    tell(f"Installed in {time.monotonic() - began:.0f} s.")


def _has_torch() -> bool:
    packages = _packages_folder()
    return packages is not None and (packages / "torch").is_dir()


def _check_room() -> None:
    free = shutil.disk_usage(ROOT).free
    if free < _GIGABYTES * 1e9:
        raise SetupError(
            f"{ROOT} has {free / 1e9:.1f} GB of disk left, and about {_GIGABYTES} GB are needed. "
            "Make room, or put the checkout on a larger disk."
        )


# --- the virtual environment -----------------------------------------------------------------------


def _environment() -> None:
    """Make .venv, or mend one that was left half made or whose Python is gone."""
    packages = _packages_folder()
    if packages is None:
        _clear()
    elif _run(str(_python()), "-c", "import pip._internal.cli.main") is not None:
        return
    else:
        for part in packages.glob("pip*"):  # half of a pip keeps a new one from being put there
            shutil.rmtree(part)
    if importlib.util.find_spec("ensurepip") is None:
        _bring_ensurepip()
    tell(f"Making the environment {VENV} …")
    # In a process of its own, which sees ensurepip even if it came only just now.
    if _run(sys.executable, "-m", "venv", str(VENV)) is None:
        raise SetupError(f"{sys.executable} cannot make the environment {VENV}. Try another Python.")


def _bring_ensurepip() -> None:
    # Debian and Ubuntu keep this part of the standard library in a package of its own.
    package = f"python3.{sys.version_info[1]}-venv"
    if not apt.install([package]):
        raise SetupError(
            f"This Python cannot make environments. Install that part of it: {apt.by_hand([package])}"
        )


def _packages_folder() -> Path | None:
    """Where the environment's packages are; None if there is no environment, or none that can be used."""
    code = "import sys, sysconfig; print(*sys.version_info[:2]); print(sysconfig.get_path('purelib'))"
    said = (_run(str(_python()), "-c", code) or "").splitlines()
    if len(said) != 2 or not suits([int(word) for word in said[0].split()]):
        return None
    # The system's Python may have become a newer one, which looks for its packages elsewhere.
    folder = Path(said[1])
    return folder if folder.is_dir() and folder.is_relative_to(VENV) else None


def _run(*command: str) -> str | None:
    """What a command says, or None if it fails."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
    except OSError:
        return None
    return os.fsdecode(done.stdout) if done.returncode == 0 else None


def _clear() -> None:
    for part in VENV.iterdir():
        if part.is_dir() and not part.is_symlink():
            shutil.rmtree(part)
        elif part != _lock():
            part.unlink()


def _forget_half_installed() -> None:
    """pip writes RECORD last. A package without one was cut short, and pip would take it for whole."""
    packages = _packages_folder()
    assert packages is not None
    for about in packages.glob("*.dist-info"):
        if not (about / "RECORD").exists():
            shutil.rmtree(about)


# --- what is done already --------------------------------------------------------------------------


def _fingerprint() -> str:
    """Changes when something else has to be installed, or when the checkout has moved."""
    return hashlib.sha256(os.fsencode(ROOT) + (ROOT / "pyproject.toml").read_bytes()).hexdigest()


def _stamp_file() -> Path:
    return VENV / "cnngui-set-up.json"


def _stamps() -> dict[str, str]:
    try:
        stamps = json.loads(_stamp_file().read_text())
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def _stamped(goal: str) -> bool:
    # What is set up for the tests is set up for a run as well.
    stamps = _stamps()
    return _fingerprint() in (stamps.get(goal), stamps.get("test")) and _packages_folder() is not None


def _stamp(goal: str) -> None:
    beside = _stamp_file().with_suffix(".part")
    beside.write_text(json.dumps({**_stamps(), goal: _fingerprint()}))
    beside.replace(_stamp_file())


# --- one set-up at a time --------------------------------------------------------------------------


def _lock() -> Path:
    return VENV / "cnngui-set-up.lock"


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Hold a lock that the system takes back when the process dies, however it dies."""
    with _lock().open("a") as file:
        if not _locked(file.fileno()):
            tell("Another start of this command is setting up; waiting for it …")
            while not _locked(file.fileno()):
                time.sleep(1)
        yield


def _locked(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
