"""pip, run so that a person sees how far it is and what to do when it fails."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from installer.tell import SetupError, tell

_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
_FETCHING = re.compile(r"\s*(?:Downloading|Using cached) (?:\S*/)?([^\s/-]+)-\S+ \((\d\d+\.\d MB)\)")

# What pip says when the network is at fault, and when the disk is.
_NETWORK = (
    "Failed to establish a new connection",
    "NewConnectionError",
    "NameResolutionError",
    "timed out",
    "Connection refused",
    "Connection reset",
    "Could not fetch URL",
    "ProxyError",
    "SSLError",
)
_DISK = ("No space left on device", "Disk quota exceeded", "Errno 28")


def pip(python: Path, arguments: Sequence[str], root: Path, log: Path) -> None:
    """Run pip in `root`; everything it says goes to the end of `log`. Raises SetupError with the reason."""
    downloads = log.parent / "downloads"
    downloads.mkdir(exist_ok=True)
    # Downloads lie beside the environment until they are installed: /tmp is often small, or memory.
    env = {
        **os.environ,
        "TMPDIR": str(downloads),
        "PIP_USER": "0",
        "PYTHONUTF8": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    command = [str(python), "-m", "pip", *arguments, "--no-input"]
    lines: list[str] = []
    with log.open("a", encoding="utf-8") as kept:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=env,
            text=True,
            cwd=root,
            encoding="utf-8",
            errors="replace",
        )
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                if not _shown(line):
                    kept.write(line)
                    lines.append(line.rstrip())
    if process.wait() != 0:
        raise SetupError(_reason(lines, log))


def _shown(line: str) -> bool:
    """Show what pip does; True for a line that is progress and nothing else."""
    progress = _PROGRESS.match(line)
    if progress:
        done, total = int(progress[1]), int(progress[2])
        if sys.stdout.isatty() and total:
            end = "\n" if done >= total else ""
            print(f"\r    {done / 1e6:,.0f} of {total / 1e6:,.0f} MB", end=end, flush=True)
        return True
    fetching = _FETCHING.match(line)
    if fetching:
        tell(f"  {fetching[1]} ({fetching[2]})")
    return False


def _reason(lines: Sequence[str], log: Path) -> str:
    text = "\n".join(lines)
    if any(sign in text for sign in _DISK):
        return f"The disk of {log.parent} is full. Make room (about 8 GB are needed) and start again."
    if any(sign in text for sign in _NETWORK):
        return (
            "The package index cannot be reached. Check the network, then start again: it goes on from here."
        )
    # pip frames the error of a build with lines of its own that say nothing.
    errors = [line.strip() for line in lines if re.search(r"(ERROR|Error): \S", line)]
    last = (errors or [line.strip() for line in lines if line.strip()] or ["it gave no reason"])[-1]
    return f"pip failed: {last.removeprefix('ERROR: ').rstrip('.')}. All it said is in {log}."
