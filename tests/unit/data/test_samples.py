"""The sample that the program draws itself."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnngui.cancel import Cancel
from cnngui.data import samples, shapes
from cnngui.errors import RequestError
from tests.unit.data.making import index_of


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pictures per class are enough for what is tested here."""
    monkeypatch.setattr(samples, "PER_CLASS", 2)


def draw(dest: Path, seed: int = 0) -> list[tuple[int, int]]:
    return [(progress.done, progress.total) for progress in samples.draw("shapes", dest, Cancel(), seed)]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.jpg")}


def test_the_whole_sample(tmp_path: Path) -> None:
    progress = draw(tmp_path / "new" / "shapes")
    total = 6 * samples.PER_CLASS
    assert progress == [(done, total) for done in range(total + 1)]
    index = index_of(tmp_path / "new" / "shapes")
    assert index.classes == ("circle", "cross", "ring", "square", "star", "triangle")
    assert len(index.records) == total
    assert index.notes == ()
    assert not index.ignored  # nor is the file that marks it
    sizes = set()
    for record in index.records:
        with Image.open(index.file(record)) as picture:
            assert (picture.format, picture.mode) == ("JPEG", "RGB")
            sizes.add(picture.size)
    assert all(480 <= side <= 1280 for size in sizes for side in size)
    assert any(width > height for width, height in sizes)
    assert any(width < height for width, height in sizes)


@pytest.mark.parametrize("label", list(shapes.OUTLINES))
def test_every_shape_lies_whole_in_the_middle_square_and_stands_off(label: str) -> None:
    sheets = [Image.new("RGB", (1280, 1280), (128, 128, 128))]  # no grain: the shape alone is looked at
    for number in range(12):
        picture = shapes.draw(label, np.random.default_rng([5, number]), sheets)
        side = min(picture.size)
        left, top = (picture.width - side) // 2, (picture.height - side) // 2
        seen = np.asarray(picture.crop((left, top, left + side, top + side)), np.float64)
        ground = np.median(np.concatenate([seen[:4].reshape(-1, 3), seen[-4:].reshape(-1, 3)]), axis=0)
        off = np.abs(seen - ground).sum(axis=2) > 90
        assert 0.03 < off.mean() < 0.75


def test_the_same_seed_draws_the_same(tmp_path: Path, few: None) -> None:
    draw(tmp_path / "a", 3)
    draw(tmp_path / "b", 3)
    draw(tmp_path / "c", 4)
    first, again, other = (files(tmp_path / name) for name in "abc")
    assert first == again
    assert first.keys() == other.keys()
    assert all(first[name] != other[name] for name in first)
    assert len(set(first.values())) == len(first)


def test_a_sample_that_is_there_is_taken_at_once(tmp_path: Path, few: None) -> None:
    draw(tmp_path / "s")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "s").rglob("*")}
    assert draw(tmp_path / "s") == [(12, 12)]
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "s").rglob("*")} == before


def test_an_empty_folder_is_taken(tmp_path: Path, few: None) -> None:
    (tmp_path / "s").mkdir()
    draw(tmp_path / "s")
    assert len(files(tmp_path / "s")) == 12
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_what_is_refused(tmp_path: Path, few: None) -> None:
    with pytest.raises(RequestError, match="no sample called “moons”: choose one of shapes"):
        list(samples.draw("moons", tmp_path / "s", Cancel()))
    (tmp_path / "file").write_text("mine")
    with pytest.raises(RequestError, match="is a file"):
        draw(tmp_path / "file")
    with pytest.raises(RequestError, match="is not empty"):
        draw(tmp_path)
    with pytest.raises(RequestError, match="cannot be written"):
        draw(tmp_path / "file" / "below")
    assert (tmp_path / "file").read_text() == "mine"
    draw(tmp_path / "s")
    with pytest.raises(RequestError, match="another seed or version"):
        draw(tmp_path / "s", seed=1)
    next((tmp_path / "s").rglob("*.jpg")).unlink()
    with pytest.raises(RequestError, match="are missing"):
        draw(tmp_path / "s")
    assert len(files(tmp_path / "s")) == 11


def test_cancelled_or_closed_in_the_middle_nothing_is_there(tmp_path: Path, few: None) -> None:
    cancel = Cancel()
    running = samples.draw("shapes", tmp_path / "s", cancel)
    next(running)
    next(running)
    cancel.stop()
    assert len(list(running)) < 11
    assert list(tmp_path.iterdir()) == []
    running = samples.draw("shapes", tmp_path / "s", Cancel())
    next(running)
    running.close()  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_to(guarded: Path) -> None:
    (guarded / "closed").mkdir(mode=0o500)
    with pytest.raises(RequestError, match="Permission denied"):
        draw(guarded / "closed" / "s")


STARTED = """
import sys
from pathlib import Path
from cnngui.cancel import Cancel
from cnngui.data.samples import draw
from cnngui.errors import RequestError
{before}
try:
    for progress in draw("shapes", Path(sys.argv[1]), Cancel()):
        print(progress.done, flush=True)
except RequestError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))"
    done = subprocess.run(
        [sys.executable, "-c", STARTED.format(before=limit), str(tmp_path / "s")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1].startswith(f"The sample cannot be written to “{tmp_path / 's'}” (")
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_in_the_middle_nothing_half_is_there(tmp_path: Path, few: None) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTED.format(before=""), str(tmp_path / "s")],
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        while running.stdout.readline() != "5\n":
            assert running.poll() is None
        running.send_signal(signal.SIGKILL)
    assert not (tmp_path / "s").exists()
    (left,) = tmp_path.iterdir()
    draw(tmp_path / "s")
    assert left.exists()  # it may belong to a drawing that still runs
    os.utime(left, (0, 0))
    draw(tmp_path / "t")
    assert {path.name for path in tmp_path.iterdir()} == {"s", "t"}
