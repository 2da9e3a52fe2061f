"""Run or test cnngui from a bare checkout: python3 installer/source.py run | test

Standard library only, and written so that any Python since 3.6 can read this file: one that does not suit
looks for one that does and hands over. The set-up itself is in environment.py.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

OLDEST, NEWEST = (3, 11), (3, 13)  # as pyproject.toml's requires-python has it

USAGE = """\
usage: python3 installer/source.py run                   set everything up and show the main job
       python3 installer/source.py test [PYTEST ARGS]    set everything up and run all tests"""


def main(arguments: "Sequence[str]") -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an ASCII terminal shows ? for what it cannot show
    wanted = arguments[0] if arguments else ""
    if wanted not in ("run", "test") or (wanted == "run" and len(arguments) > 1):
        print(USAGE, file=sys.stderr)
        return 2
    if not suits(sys.version_info[:2]):
        return hand_over(arguments)
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from installer.environment import run, test
    from installer.tell import SetupError

    try:
        return run() if wanted == "run" else test(arguments[1:])
    except SetupError as error:
        print(str(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from here.", file=sys.stderr)
        return 130


def suits(version: "Sequence[int]") -> bool:
    return OLDEST <= (version[0], version[1]) <= NEWEST


def hand_over(arguments: "Sequence[str]") -> int:
    """Start again in a Python that suits, if one can be found."""
    range_ = "{}.{} to {}.{}".format(*OLDEST, *NEWEST)
    this = "{}.{}".format(*sys.version_info[:2])
    for command in candidates():
        if answers(command):
            print(
                "Python {} does not fit (needed: {}); going on with {}.".format(
                    this, range_, " ".join(command)
                )
            )
            sys.stdout.flush()
            return subprocess.call([*command, str(Path(__file__).resolve()), *arguments])
    print(
        f"cnngui needs Python {range_}; this is {this}, and no other was found. Install one of them.",
        file=sys.stderr,
    )
    return 2


def candidates() -> "list[list[str]]":
    """Commands that may start a Python that suits, the newest first."""
    minors = range(NEWEST[1], OLDEST[1] - 1, -1)
    commands = [[f"python3.{minor}"] for minor in minors]
    if os.name == "nt":
        commands += [["py", f"-3.{minor}"] for minor in minors]
    return [command for command in commands if shutil.which(command[0])]


def answers(command: "list[str]") -> bool:
    """Whether the command really starts such a Python: it may be a shim without one behind it."""
    code = "import sys; print(sys.version_info[0], sys.version_info[1])"
    try:
        done = subprocess.run(
            [*command, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60
        )
    except (OSError, subprocess.SubprocessError):
        return False
    said = done.stdout.split()
    return done.returncode == 0 and len(said) == 2 and suits([int(word) for word in said])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
