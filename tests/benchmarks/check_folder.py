"""The check of picture folders, measured: how long it takes, what it finds, and how well copies are told.

    python tests/benchmarks/check_folder.py [--data FOLDER] [--copies N] [--many N]

FOLDER holds cifar10.zip and hymenoptera.zip (default: ../shared/data). Prints one row per figure; the table
of copies is of at most N pictures of each, changed in every way. --many does something else: one folder of
N pictures of CIFAR-10, two in five of them changed copies of others; seconds, memory, and how many are told.
"""

import argparse
import io
import os
import random
import resource
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from cnngui.cancel import Cancel  # noqa: E402
from cnngui.checker.finding import Finding  # noqa: E402
from cnngui.checker.folder import Checking, check_folder, survey  # noqa: E402
from cnngui.checker.folder_facts import FolderFacts  # noqa: E402
from cnngui.data import samples  # noqa: E402
from cnngui.data.decode import decode_bytes  # noqa: E402
from cnngui.data.index import Unreadable  # noqa: E402
from cnngui.data.looks import look_of  # noqa: E402
from cnngui.data.nearby import NearPairs, near_pairs  # noqa: E402


def check(name: str, folder: Path) -> None:
    """One row of seconds per phase, then what was found."""
    seconds: dict[str, float] = {}
    found: list[Finding] = []
    started, processor = time.monotonic(), time.process_time()
    pictures = 0
    for step in check_folder(folder, Cancel()):
        if isinstance(step, Finding):
            found.append(step)
        elif isinstance(step, Checking):
            seconds[step.phase] = step.seconds
            pictures = step.done
    wall, processor = time.monotonic() - started, time.process_time() - processor
    print(f"{name:12} {pictures:7,} pictures  {wall:6.1f} s  processor {processor:6.1f} s", end="  ")
    print(", ".join(f"{phase.lower()} {part:.1f} s" for phase, part in seconds.items()))
    for one in found:
        print(f"    {one.severity:8} {one.rule}: {one.message}")


def _encoded(picture: Image.Image, quality: int) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def _resized(picture: Image.Image, factor: float) -> Image.Image:
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    return picture.resize(size, Image.Resampling.BICUBIC)


def _cropped(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    width, height = picture.size
    return picture.crop(
        (round(width * left), round(height * top), round(width * (1 - right)), round(height * (1 - bottom)))
    )


def _uneven(picture: Image.Image, chance: random.Random) -> Image.Image:
    left, top, right, bottom = (chance.uniform(0.05, 0.1) for _ in range(4))
    return _cropped(picture, left, top, right, bottom)


CHANGES: dict[str, Callable[[Image.Image, random.Random], bytes]] = {
    "quality 30": lambda p, _: _encoded(p, 30),
    "quality 60": lambda p, _: _encoded(p, 60),
    "quality 90": lambda p, _: _encoded(p, 90),
    "50 % of the size": lambda p, _: _encoded(_resized(p, 0.5), 90),
    "75 % of the size": lambda p, _: _encoded(_resized(p, 0.75), 90),
    "150 % of the size": lambda p, _: _encoded(_resized(p, 1.5), 90),
    "5 % off each side": lambda p, _: _encoded(_cropped(p, 0.05, 0.05, 0.05, 0.05), 90),
    "7.5 % off each side": lambda p, _: _encoded(_cropped(p, 0.075, 0.075, 0.075, 0.075), 90),
    "10 % off each side": lambda p, _: _encoded(_cropped(p, 0.1, 0.1, 0.1, 0.1), 90),
    "5 to 10 % off, unevenly": lambda p, c: _encoded(_uneven(p, c), 90),
    "10 % off one side": lambda p, _: _encoded(_cropped(p, 0.1, 0, 0, 0), 90),
    "10 % off two sides": lambda p, _: _encoded(_cropped(p, 0.1, 0.1, 0, 0), 90),
    "cropped, 60 %, quality 50": lambda p, c: _encoded(_resized(_uneven(p, c), 0.6), 50),
}


def copies(name: str, files: list[Path]) -> None:
    """Per change: the share of copies that are found among all originals and copies, and the wrong pairs."""
    chance = random.Random(0)
    originals = [_look(path.read_bytes()) for path in files]
    changed: dict[str, list[bytes]] = {change: [] for change in CHANGES}
    for path in files:
        with Image.open(path) as opened:
            picture = opened.convert("RGB")
        for change, how in CHANGES.items():
            changed[change].append(_look(how(picture, chance)))
    known = _pairs(originals)
    print(f"{name}: {len(files):,} pictures, {len(known)} pairs among the originals")
    for change, looks in changed.items():
        count = len(files)
        found = _pairs(originals + looks)
        right = sum((number, number + count) in found for number in range(count))
        apart = [pair for pair in found if pair[0] % count != pair[1] % count]
        wrong = [pair for pair in apart if _original(pair, count) not in known]
        print(f"    {change:28} found {right / count:7.2%}   wrong pairs {len(wrong)}")


def _original(pair: tuple[int, int], count: int) -> tuple[int, int]:
    one, other = sorted(number % count for number in pair)
    return one, other


def _look(data: bytes) -> bytes:
    rgb = decode_bytes(data, "a.jpg", 96)
    if isinstance(rgb, Unreadable):
        raise RuntimeError(rgb.reason)
    return look_of(rgb)


def _pairs(looks: list[bytes]) -> set[tuple[int, int]]:
    stacked = np.frombuffer(b"".join(looks), np.uint8).reshape(len(looks), -1)
    *_, found = near_pairs(stacked, np.ones(len(looks), bool), Cancel())
    assert isinstance(found, NearPairs)
    return {(int(one), int(other)) for one, other in found.pairs}


def many(data: Path, scratch: Path, count: int) -> None:
    """A folder of `count` pictures, three in five of them originals, and what the survey says of it."""
    with zipfile.ZipFile(data / "cifar10.zip") as archive:
        archive.extractall(scratch / "zip")
    originals = sorted((scratch / "zip").rglob("*.jpg"))[:: max(1, 60_000 * 5 // (count * 3))]
    changes, chance = list(CHANGES), random.Random(0)
    folder = scratch / "many" / "all"
    folder.mkdir(parents=True)
    for number, path in enumerate(originals):
        shutil.copyfile(path, folder / f"{number:06}.jpg")
    for number in range(count - len(originals)):
        change = number % len(changes)
        with Image.open(originals[number]) as opened:
            changed = CHANGES[changes[change]](opened.convert("RGB"), chance)
        (folder / f"{number:06} {change:02}.jpg").write_bytes(changed)
    seconds: dict[str, float] = {}
    facts: FolderFacts | None = None
    for step in survey(scratch / "many", Cancel()):
        if isinstance(step, Checking):
            seconds[step.phase] = step.seconds
        else:
            facts = step[1]
    assert facts is not None
    used = [
        resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    print(
        f"{len(facts.index.records):,} pictures  "
        + ", ".join(f"{k.lower()} {v:.0f} s" for k, v in seconds.items())
    )
    print(f"memory: {used[0]} MB, the largest helper {used[1]} MB")
    names = [Path(record.path).stem for record in facts.index.records]
    pairs = {tuple(sorted((names[one], names[other]))) for one, other in facts.near}
    print(f"{len(pairs):,} pairs")
    for change, title in enumerate(changes):
        made = [name for name in names if name.endswith(f" {change:02}")]
        right = sum((name[:6], name) in pairs for name in made)
        print(f"    {title:28} found {right / len(made):7.2%}")
    known = {pair for pair in pairs if len(pair[0]) == len(pair[1]) == 6}
    wrong = [
        pair
        for pair in pairs - known
        if pair[0][:6] != pair[1][:6] and (pair[0][:6], pair[1][:6]) not in known
    ]
    print(f"    pairs among the originals {len(known)}, other pairs of different originals {len(wrong)}")


def _unpacked(data: Path, scratch: Path) -> Iterator[tuple[str, Path]]:
    for name in ("hymenoptera", "cifar10"):
        with zipfile.ZipFile(data / f"{name}.zip") as archive:
            archive.extractall(scratch / name)
        yield name, scratch / name
    for _ in samples.draw("shapes", scratch / "shapes", Cancel()):
        pass
    yield "shapes", scratch / "shapes"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--copies", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=0)
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as scratch:
        if arguments.many:
            many(arguments.data, Path(scratch), arguments.many)
            return
        folders = dict(_unpacked(arguments.data, Path(scratch)))
        for name, folder in folders.items():
            check(name, folder)
        for name, step in (("hymenoptera", 1), ("shapes", 2), ("cifar10", 100)):
            files = sorted(p for p in folders[name].rglob("*.jp*g") if p.is_file())[::step]
            copies(name, files[: arguments.copies])


if __name__ == "__main__":
    main()
