"""Each test is a program of its own: only one without PyTorch and without threads is forked."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")

HEAD = """
import os, signal, sys
from pathlib import Path
import numpy as np
from cnngui.cancel import Cancel
from cnngui.data.index import Unreadable
from cnngui.engine import apart, reader
from cnngui.engine.spec import ImageSpec
spec = ImageSpec(32, 32)
paths = sorted(Path(sys.argv[1]).iterdir(), key=os.fsencode) + [Path(sys.argv[1]) / "not there.jpg"]
def children():
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
def same(one, other):
    return np.array_equal(one, other) if isinstance(one, np.ndarray) else one == other
"""


def program(code: str, folder: Path) -> str:
    command = [sys.executable, "-c", HEAD + code, str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    return ran.stdout.strip()


def noise(seed: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (300, 500, 3), dtype=np.uint8))


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    for number in range(20):
        noise(number).save(tmp_path / f"{number:02}.jpg", quality=95)
    turned = Image.Exif()
    turned[0x0112] = 6
    noise(5).save(tmp_path / "05.jpg", quality=95, exif=turned)
    noise(6).crop((0, 0, 30, 20)).save(tmp_path / "06.png")
    (tmp_path / "07.jpg").write_bytes((tmp_path / "08.jpg").read_bytes()[:70_000])
    (tmp_path / "09.jpg").write_bytes(b"")
    (tmp_path / os.fsdecode(b"odd \xff name.jpg")).write_bytes((tmp_path / "01.jpg").read_bytes())
    return tmp_path


def test_they_read_what_threads_would_in_the_order_given(photographs: Path) -> None:
    code = """
assert apart.possible()
readers = apart.Readers(spec, 3)  # fewer places than pictures: each is used again and again
waiting, found = [], []
for path in paths:
    waiting.append(readers.submit(path))
    if len(waiting) == 3:
        found.append(waiting.pop(0)())
found += [fetch() for fetch in waiting]
readers.close()
assert not children()
assert "torch" not in sys.modules
assert [path for path, _ in found] == paths
assert all(same(picture, reader.read_prepared(path, spec)) for path, picture in found)
print(sum(isinstance(picture, Unreadable) for _, picture in found), "of", len(found))
"""
    assert program(code, photographs) == "3 of 23"


def test_what_a_lost_process_would_have_read_is_read_all_the_same(photographs: Path) -> None:
    code = """
readers = apart.Readers(spec, 30)
waiting = [readers.submit(path) for path in paths[:4]]
for child in children():
    os.kill(int(child), signal.SIGKILL)
waiting += [readers.submit(path) for path in paths[4:]]
found = [fetch() for fetch in waiting]
readers.close()
assert all(same(picture, reader.read_prepared(path, spec)) for path, picture in found)
print(len(found), children())
"""
    assert program(code, photographs) == "23 []"


def test_photographs_alone_are_read_so_and_nobody_is_left_after_a_stop(photographs: Path) -> None:
    code = """
cancel = Cancel()
with reader.reading(iter(paths), spec, cancel) as pictures:
    print(len(children()) == os.cpu_count())
    next(pictures)
    cancel.stop()
    print(list(pictures), children() != [])
print(children())
with reader.reading([Path(sys.argv[1]) / "06.png", *paths], spec, Cancel()) as pictures:
    print(children(), len(list(pictures)))
"""
    assert program(code, photographs).split("\n") == ["True", "[] True", "[]", "[] 24"]


def test_whoever_has_threads_or_torch_is_not_forked(photographs: Path) -> None:
    code = """
import threading
ended = threading.Event()
threading.Thread(target=ended.wait).start()
print(apart.possible())
ended.set()
import torch
print(apart.possible())
"""
    assert program(code, photographs) == "False\nFalse"


def test_they_end_with_the_process_that_asks(photographs: Path) -> None:
    code = """
import time
readers = apart.Readers(spec, 3)
print(*children(), flush=True)
time.sleep(600)
"""
    command = [sys.executable, "-c", HEAD + code, str(photographs)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        forks = [Path("/proc") / number for number in process.stdout.readline().split()]
        assert forks
        assert all(fork.exists() for fork in forks)
        process.send_signal(signal.SIGKILL)
    until = time.monotonic() + 30
    while any(alive(fork) for fork in forks):
        assert time.monotonic() < until
        time.sleep(0.05)


def alive(process: Path) -> bool:
    """Whether it runs: in a container it may stay as a zombie."""
    try:
        return (process / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
