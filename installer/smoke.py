"""Try the frozen program as a stranger's computer would have it: python installer/smoke.py BUNDLE

Outside the checkout, with an empty home, nothing on the path and, where the system lets us, no network.
Whatever it prints that is not expected is a failure, and so is a window that does not paint or a process that
stays. What it knows is compared with what this Python's cnngui knows. Standard library only.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from installer.screen import Screen, colours_of_png

_PATIENCE = 900.0  # seconds for any one step: the computer may be busy
_COLOURS = 12  # a window that shows anything has more

_PROGRESS = (
    r"(Drawing|Classifying|Decoding|Preparing|Training): .*",
    r"Using the .*\.",
    r"The folder names no validation pictures, .*",
    r"Training simple_cnn \(.*",
    r"Epoch \d+ of \d+: .*",
    r"The training is finished\.",
    r"\d+ pictures? classified\.",
)
_OFFSCREEN = (r"This plugin does not support .*",)  # what Qt says of its platform without a screen

_BAD_SCRIPT = """\
import torch
from torch import nn

model = nn.Sequential(nn.Flatten(), nn.Linear(3 * 32 * 32, 10), nn.Softmax(dim=1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
criterion = nn.CrossEntropyLoss()
for images, labels in loader:
    loss = criterion(model(images), labels)
    loss.backward()
    optimizer.step()
"""


class SmokeError(Exception):
    """What is wrong, in a sentence."""


class Smoke:
    """The tries, in a folder of their own. `bundle`: the folder that holds both programs."""

    def __init__(self, bundle: Path, home: Path, pictures: Path | None) -> None:
        end = ".exe" if os.name == "nt" else ""
        self._bundle = bundle
        self._program, self._window = bundle / f"cnngui{end}", bundle / f"cnngui-window{end}"
        self._home = home
        self._work = home / "my été pictures"
        self._work.mkdir(parents=True)
        self._pictures = pictures
        self._offline = _without_network()
        self._environment = _bare_environment(home)

    def run(self) -> None:
        print("The network is cut off." if self._offline else "The network cannot be cut off here.")
        for step in (
            self.version, self.lists, self.doctor, self.sample, self.classify, self.train, self.export,
            self.check, self.window_offscreen, self.demo, self.window_on_screen,
        ):  # fmt: skip
            began = time.monotonic()
            said = step() or ""
            self._nothing_left()
            print(
                f"ok  {step.__name__.replace('_', ' '):<18} {time.monotonic() - began:6.1f} s  {said}",
                flush=True,
            )

    def version(self) -> str:
        return self._out(["--version"], r"cnngui \d+\.\d+.*").strip()

    def lists(self) -> str:
        """Models and rules are those of the checkout."""
        counts = []
        for arguments in (["models"], ["check", "--rules"]):
            frozen, ours = self._out(arguments), self._ours(arguments)
            _same(arguments, frozen, ours)
            counts.append(len(frozen.splitlines()))
        return f"{counts[0]} lines of models, {counts[1]} rules"

    def doctor(self) -> str:
        """All is in order, and the pages are those of the checkout."""
        said = self._out(["doctor"])
        for name in ("pages", "pictures"):
            _same([name], _row(said, name), _row(self._ours(["doctor"], status=None), name))
        return _row(said, "pages")

    def sample(self) -> str:
        return self._out(
            ["sample", "shapes", "shapes"], r"\d+ pictures in shapes", progress=_PROGRESS
        ).strip()

    def classify(self) -> str:
        """A picture, with the starter model."""
        starter = next(self._bundle.rglob("starter.safetensors"))
        picture = next((self._work / "shapes").rglob("*.jpg"))
        said = self._out(
            ["classify", str(starter), str(picture), "--format", "jsonl"], r"\{.*\}", progress=_PROGRESS
        )
        answer = json.loads(said)
        if not 0 < answer["probability"] <= 1:
            raise SmokeError(f"classify answered {answer}")
        return str(answer["label"])

    def train(self) -> str:
        """The sample, two epochs."""
        said = self._out(
            [
                "train",
                "shapes",
                "-o",
                "shapes.safetensors",
                "--model",
                "simple_cnn",
                "--epochs",
                "2",
                "--json",
            ],
            r"\{.*\}",
            progress=_PROGRESS,
        )
        result = json.loads(said)
        if result["epochs"] != 2 or not (self._work / "shapes.safetensors").exists():
            raise SmokeError(f"train answered {result}")
        return f"accuracy {result['val_accuracy']:.2f}"

    def export(self) -> str:
        """The trained network as ONNX, which the program itself holds against the network."""
        said = self._out(
            ["export", "shapes.safetensors", "--to", "onnx", "-o", "shapes.onnx"],
            r"shapes\.onnx: onnx, \d+ classes|Checked on .*",
            progress=(r"Writing shapes\.onnx, and checking .*",),
        )
        return said.splitlines()[-1]

    def check(self) -> str:
        """A script with two mistakes."""
        (self._work / "bad.py").write_text(_BAD_SCRIPT, encoding="utf-8")
        found = json.loads(self._out(["check", "bad.py", "--format", "json"], r"[\[\]{} ].*", status=1))
        names = {finding["rule"] for finding in found}
        if not {"missing-zero-grad", "double-softmax"} <= names:
            raise SmokeError(f"check found {sorted(names)}")
        return ", ".join(sorted(names))

    def demo(self) -> str:
        """The main job where there is no display, as on Linux there may be: it ends in a picture."""
        if sys.platform != "linux":
            return "not on this system"
        self._out(["demo"], r".*", progress=(*_PROGRESS, r"No window is opened: .*", r"Pictures that the .*"))
        return self._painted(colours_of_png(next(self._home.rglob("demo.png"))))

    def window_offscreen(self) -> str:
        """The window opens and stays open."""
        with self._opened(QT_QPA_PLATFORM="offscreen") as process:
            self._until(process, self._has_torch)
        self._expect(process, _OFFSCREEN)
        return "stays open"

    def window_on_screen(self) -> str:
        """The window paints on an X server, and PyTorch is loaded after that."""
        if sys.platform != "linux" or shutil.which("Xvfb") is None:
            return "no Xvfb here"
        with Screen() as screen:
            began = time.monotonic()
            early = False

            def painted_by_now(process: subprocess.Popen[bytes]) -> bool:
                # Looking at the screen takes long enough for PyTorch to come in the meantime.
                nonlocal early
                loaded = self._has_torch(process)
                if screen.colours() > _COLOURS:
                    return True
                early = loaded
                return False

            with self._opened(DISPLAY=screen.name) as process:
                self._until(process, painted_by_now)
                painted = time.monotonic() - began
                self._until(process, self._has_torch)
                loaded = time.monotonic() - began
                time.sleep(1)
                if self._pictures:
                    screen.save(self._pictures / "frozen-window.png")
            self._expect(process, ())
        if early:
            raise SmokeError("PyTorch was loaded before the window was painted")
        return f"painted after {painted:.2f} s, PyTorch after {loaded:.2f} s"

    # --- running it ---------------------------------------------------------------------------------

    def _out(
        self, arguments: Sequence[str], lines: str = ".*", *, progress: Sequence[str] = (), status: int = 0
    ) -> str:
        """What a command prints. Every line must match `lines`, or one of `progress` on standard error."""
        done = subprocess.run(
            [*self._offline, str(self._program), *arguments], cwd=self._work, env=self._environment,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE,
        )  # fmt: skip
        out, err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        if done.returncode != status:
            raise SmokeError(
                f"“cnngui {' '.join(arguments)}” ended with {done.returncode}: {out[-2000:]}{err[-2000:]}"
            )
        _only(out, [lines])
        _only(err, progress)
        return out

    def _ours(self, arguments: Sequence[str], status: int | None = 0) -> str:
        """What this Python's cnngui prints."""
        env = {**os.environ, "CNNGUI_HOME": str(self._home / "ours")}
        done = subprocess.run(
            [sys.executable, "-m", "cnngui", *arguments], env=env, capture_output=True, encoding="utf-8"
        )
        if status is not None and done.returncode != status:
            raise SmokeError(f"the checkout's “cnngui {' '.join(arguments)}” failed: {done.stderr}")
        return done.stdout

    def _opened(self, **environment: str) -> "Opened":
        return Opened([*self._offline, str(self._window)], self._work, {**self._environment, **environment})

    def _until(
        self, process: "subprocess.Popen[bytes]", reached: Callable[["subprocess.Popen[bytes]"], bool]
    ) -> None:
        end = time.monotonic() + _PATIENCE
        while not reached(process):
            if process.poll() is not None:
                said = process.stdout.read().decode(errors="replace") if process.stdout else ""
                raise SmokeError(f"the window ended with {process.returncode}: {said[-2000:]}")
            if time.monotonic() > end:
                raise SmokeError(f"the window is not where it should be after {_PATIENCE:.0f} s")
            time.sleep(0.02)

    def _has_torch(self, process: "subprocess.Popen[bytes]") -> bool:
        """Whether PyTorch is in the process; where that cannot be seen, whether ten seconds have passed."""
        maps = Path(f"/proc/{process.pid}/maps")
        if maps.exists():
            return "libtorch_cpu" in maps.read_text(errors="replace")
        time.sleep(10)
        return True

    def _expect(self, process: "subprocess.Popen[bytes]", lines: Sequence[str]) -> None:
        assert process.stdout is not None
        with process.stdout as said:
            _only(said.read().decode(errors="replace"), lines)

    def _painted(self, colours: int) -> str:
        if colours <= _COLOURS:
            raise SmokeError(f"the window shows {colours} colours: it was not painted")
        return f"{colours} colours"

    def _nothing_left(self) -> None:
        left = _processes(self._bundle)
        if left:
            raise SmokeError(f"processes are left over: {left}")


class Opened:
    """The window's process, ended when the block ends."""

    def __init__(self, command: Sequence[str], folder: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            command, cwd=folder, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def __enter__(self) -> "subprocess.Popen[bytes]":
        return self._process

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(60)


def _bare_environment(home: Path) -> dict[str, str]:
    kept = ("SYSTEMROOT", "TEMP", "TMP", "XDG_RUNTIME_DIR") if os.name == "nt" else ()
    nothing = home / "nothing on the path"
    nothing.mkdir(parents=True)
    bare = {name: os.environ[name] for name in kept if name in os.environ}
    # Windows asks the system for the user's folders, not the environment.
    own = {"CNNGUI_HOME": str(home / "kept")} if os.name == "nt" else {"HOME": str(home), "LANG": "C.UTF-8"}
    return {**bare, **own, "PATH": str(nothing)}


def _without_network() -> list[str]:
    """A command that runs another one without a network, or nothing where there is none."""
    unshare = shutil.which("unshare")
    command = [unshare, "--net"] if unshare else []
    if command and os.geteuid() != 0:
        command.append("--map-current-user")
    works = command and subprocess.run([*command, "true"], capture_output=True).returncode == 0
    return command if works else []


def _processes(bundle: Path) -> list[str]:
    """What still runs from the bundle."""
    if os.name == "nt":
        said = subprocess.run(
            ["tasklist", "/FI", "IMAGENAME eq cnngui*"], capture_output=True, text=True
        ).stdout
        return re.findall(r"cnngui\S*\.exe", said)
    said = subprocess.run(["ps", "-A", "-ww", "-o", "args="], capture_output=True, text=True).stdout
    return [line for line in said.splitlines() if str(bundle / "cnngui") in line and "smoke.py" not in line]


def _only(said: str, expected: Sequence[str]) -> None:
    for line in said.splitlines():
        if line.strip() and not any(re.fullmatch(pattern, line) for pattern in expected):
            raise SmokeError(f"an unexpected line: {line}")


def _row(doctor: str, name: str) -> str:
    return next(
        (line[len(name) :].strip() for line in doctor.splitlines() if line.startswith(f"{name} ")), "none"
    )


def _same(what: Sequence[str], frozen: str, ours: str) -> None:
    # Where the starter model lies is the one thing that may differ.
    first, second = (re.sub(r"^Ready to use: .*$", "", text, flags=re.MULTILINE) for text in (frozen, ours))
    if first != second:
        raise SmokeError(f"“{' '.join(what)}” differs. Frozen:\n{frozen}\nHere:\n{ours}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--pictures", type=Path, help="where to put a picture of the window")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cnngui-smoke-", ignore_cleanup_errors=True) as home:
        try:
            Smoke(asked.bundle.resolve(), Path(home).resolve(), asked.pictures).run()
        except (SmokeError, subprocess.TimeoutExpired) as failure:
            print(f"FAILED: {failure}", file=sys.stderr)
            return 1
    print("The frozen program is in order.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
