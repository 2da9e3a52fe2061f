"""Images per second of our training against plain PyTorch's, paired in one run.

    python -m tests.benchmarks.train_speed CIFAR10_FOLDER PHOTOS_FOLDER [--images N] [--photos N] [--batch N]
        [--runs N] [--only NAME] [--rivals fastai lightning keras]

CIFAR10_FOLDER holds train/<class>/*.jpg of 32 × 32, PHOTOS_FOLDER train/<class>/*.jpg of any size. Plain is
ImageFolder, DataLoader and the loop of every tutorial, in full precision; for the rivals see rivals.py. All
train on the same pictures and check on the same others, and checking counts in everyone's time. Each training
has a process of its own, so that what one asks of the system, as ours does of memory, does not help another;
importing does not count. Each line: medians of the runs, the ratio paired run by run, and the share of the
machine's measured peak with the sum that gives it.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader
from torch.utils.flop_counter import FlopCounterMode
from torchvision import datasets, models, transforms

from cnngui.cancel import Cancel
from cnngui.data.index import scan
from cnngui.engine.events import EpochDone, RunStarted
from cnngui.engine.loading import loading
from cnngui.engine.memory import keep_large_blocks
from cnngui.engine.models import registry
from cnngui.engine.models.registry import ModelCard, register
from cnngui.engine.spec import ImageSpec, TrainConfig
from tests.benchmarks.jobs import Job, Speed, apart
from tests.benchmarks.rivals import RIVALS


def plain(job: Job, epochs: int) -> Speed:
    """The loop of a tutorial."""
    size = [transforms.Resize((job.resize, job.resize))] if job.resize != 32 else []
    ready = [
        transforms.ToTensor(),
        transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ]
    moved = transforms.RandomCrop(job.size, padding=4 if job.size == 32 else None)
    learn = datasets.ImageFolder(
        job.folder / "train", transforms.Compose([*size, moved, transforms.RandomHorizontalFlip(), *ready])
    )
    judge = datasets.ImageFolder(
        job.folder / "val", transforms.Compose([*size, transforms.CenterCrop(job.size), *ready])
    )
    workers = os.cpu_count() or 1
    keep = workers > 0
    loader = DataLoader(learn, job.batch, shuffle=True, num_workers=workers, persistent_workers=keep)
    others = DataLoader(judge, job.batch, num_workers=workers, persistent_workers=keep)
    network = job.build()
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3)
    seconds = []
    for _ in range(epochs):
        started = time.perf_counter()
        network.train()
        for images, labels in loader:
            optimizer.zero_grad()
            F.cross_entropy(network(images), labels).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        network.eval()
        with torch.no_grad():
            for images, labels in others:
                (network(images).argmax(1) == labels).sum().item()
        seconds.append(time.perf_counter() - started)
    count = len(learn)
    return Speed(count / seconds[0], count * (epochs - 1) / sum(seconds[1:]))


def ours(job: Job, epochs: int) -> tuple[Speed, str]:
    """The engine's own training in a home of its own, and the precision it took."""
    with loading():  # as the program does
        from cnngui.engine.train import train
    if job.name not in registry.names():
        register(_card(job.name, job.size))(lambda _classes: job.build())
    with tempfile.TemporaryDirectory() as name:
        os.environ["CNNGUI_HOME"] = name
        *_, index = scan(job.folder, Cancel())
        config = TrainConfig(model=job.name, epochs=epochs, batch_size=job.batch, device="cpu")
        run = Path(name) / "run"
        run.mkdir()
        done: list[EpochDone] = []
        precision = ""
        for event in train(index, config, run, Cancel()):  # type: ignore[arg-type]
            if isinstance(event, EpochDone):
                done.append(event)
            elif isinstance(event, RunStarted):
                precision = event.precision
    later = sum(epoch.images_per_second for epoch in done[1:]) / (len(done) - 1)
    return Speed(done[0].images_per_second, later), precision


def peaks() -> dict[str, float]:
    """The machine's measured operations per second: the best of a square product and of a wide convolution,
    in full precision and in bfloat16."""
    best: dict[str, float] = {}
    for name, kind in (("float32", torch.float32), ("bfloat16", torch.bfloat16)):
        a, b = torch.randn(2048, 2048).to(kind), torch.randn(2048, 2048).to(kind)
        x = torch.randn(16, 128, 56, 56).to(kind).contiguous(memory_format=torch.channels_last)
        w = torch.randn(128, 128, 3, 3).to(kind).contiguous(memory_format=torch.channels_last)
        works: tuple[tuple[Callable[[], Tensor], float], ...] = (
            (partial(torch.matmul, a, b), 2.0 * 2048**3),
            (partial(F.conv2d, x, w, padding=1), 2.0 * 16 * 128 * 128 * 9 * 56 * 56),
        )
        for work, operations in works:
            least = float("inf")
            for _ in range(6):
                started = time.perf_counter()
                work()
                least = min(least, time.perf_counter() - started)
            best[name] = max(best.get(name, 0.0), operations / least)
    return best


def operations(job: Job) -> float:
    """Of one picture, forwards and backwards, multiplications and additions each counted: three times the way
    forwards, once more for the gradient of the weights and once for that of each layer's input."""
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():  # backwards it does not know the groups of a convolution
        job.build()(torch.randn(2, 3, job.size, job.size))
    return 3 * counter.get_total_flops() / 2


def pictures_of(source: Path, target: Path, count: int) -> Path:
    """`target`/train and /val with links to `count` and a ninth as many of the pictures of `source`/train."""
    classes = sorted(one for one in (source / "train").iterdir() if one.is_dir())
    each = max(1, count // len(classes))
    for folder in classes:
        files = sorted(one for one in folder.iterdir() if one.suffix.lower() in (".jpg", ".jpeg", ".png"))
        for number in range(each + max(1, each // 9)):
            place = target / ("train" if number < each else "val") / folder.name
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy(files[number % len(files)], place / f"{number:06}.jpg")
    return target


def _card(name: str, size: int) -> ModelCard:
    spec = ImageSpec(size=size, resize=256 if size == 224 else size)
    return ModelCard(name=name, title=name, summary=name, spec=spec, parameters=0)


def _fresh(builder: Callable[..., nn.Module], classes: int) -> nn.Module:
    return builder(weights=None, num_classes=classes)


def line(job: Job, runs: int, epochs: int, peak: dict[str, float], rivals: list[str]) -> None:
    ways = {"plain": plain} | {name: RIVALS[name] for name in rivals}
    fast: list[Speed] = []
    slow: dict[str, list[Speed]] = {name: [] for name in ways}
    precision = ""
    for _ in range(runs):
        speed, precision = apart(ours, job, epochs)
        fast.append(speed)
        for name, way in ways.items():
            slow[name].append(apart(way, job, epochs))
    middle = statistics.median
    for what in ("first", "later"):
        mine = [getattr(one, what) for one in fast]
        print(f"{job.name}, {job.size} × {job.size}, batch {job.batch}, {what} epochs: ", end="")
        print(f"ours {middle(mine):,.0f} images/s ({precision})", end="")
        for name, speeds in slow.items():
            theirs = [getattr(one, what) for one in speeds]
            ratios = [a / b for a, b in zip(mine, theirs, strict=True)]
            print(
                f"; {name} {middle(theirs):,.0f}, ratio {middle(ratios):.2f} "
                f"({min(ratios):.2f} to {max(ratios):.2f})",
                end="",
            )
        print()
    each, rate = operations(job), middle([speed.later for speed in fast])
    print(
        f"  share of the {precision} peak: {rate:,.0f} images/s × {each / 1e6:,.1f} million operations = "
        f"{rate * each / 1e9:,.0f} of {peak[precision] / 1e9:,.0f} billion a second, "
        f"{rate * each / peak[precision]:.0%}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cifar", type=Path)
    parser.add_argument("photos_folder", type=Path)
    parser.add_argument("--images", type=int, default=45_000)
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--batch", type=int, default=32, help="of photographs; 32 is that of our cards")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--rivals", nargs="*", choices=RIVALS, default=[])
    parser.add_argument("--only", help="part of a network's name")
    given = parser.parse_args()
    keep_large_blocks()
    peak = peaks()
    print(f"{torch.get_num_threads()} threads; measured peak: ", end="")
    print(", ".join(f"{name} {value / 1e9:,.0f} billion operations/s" for name, value in peak.items()))
    with tempfile.TemporaryDirectory() as name:
        small = pictures_of(given.cifar, Path(name) / "small", given.images)
        large = pictures_of(given.photos_folder, Path(name) / "large", given.photos)
        classes = len(list((large / "train").iterdir()))
        jobs = [
            Job("simple_cnn", partial(registry.build, "simple_cnn", 10), 32, 32, 64, small),
        ]
        for tv in ("resnet18", "mobilenet_v3_small"):
            builder = getattr(models, tv)
            # Not the card of the family, whose backbone may be frozen.
            jobs.append(Job(f"{tv}_whole", partial(_fresh, builder, classes), 224, 256, given.batch, large))
        for job in jobs:
            if not given.only or given.only in job.name:
                line(job, given.runs, 3, peak, given.rivals)


if __name__ == "__main__":
    main()
