"""Quick against a plain PyTorch loop: a new last layer on frozen features, in the same run, taking turns.

    python -m tests.benchmarks.quick FOLDER [--models NAME ...] [--pairs N] [--threads N]

FOLDER holds class folders of photographs. The plain loop is ImageFolder, DataLoader with a worker per thread,
torchvision's transforms, the frozen network in evaluation mode and SGD on the last layer. The weights
are random: figures are of speed alone, and later epochs take as long as these weights make the search for the
last layer. Each has a process of its own; importing does not count. Prints the
median over the pairs, and each of them.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F
from torchvision import models, transforms
from torchvision.datasets import ImageFolder

from cnngui.cancel import Cancel
from cnngui.data.index import DatasetIndex, Split, scan
from cnngui.engine.events import EpochDone
from cnngui.engine.runs import run
from cnngui.engine.spec import TrainConfig
from tests.benchmarks.jobs import apart


def plain(folder: Path, model: str, threads: int) -> float:
    """Images per second of one epoch."""
    preset = transforms.Compose(
        [
            transforms.Resize(256),
            transforms.CenterCrop(224),
            transforms.RandomHorizontalFlip(),
            transforms.ToTensor(),
            transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        ]
    )
    started = time.monotonic()
    data = ImageFolder(str(folder), preset)
    batches = torch.utils.data.DataLoader(data, batch_size=32, shuffle=True, num_workers=threads)
    network = models.get_model(model, num_classes=len(data.classes)).eval()
    last = [module for module in network.modules() if isinstance(module, nn.Linear)][-1]
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    for parameter in last.parameters():
        parameter.requires_grad_(True)
    optimizer = torch.optim.SGD(last.parameters(), lr=0.01, momentum=0.9)
    for images, labels in batches:
        optimizer.zero_grad()
        F.cross_entropy(network(images), labels).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return len(data) / (time.monotonic() - started)


def ours(index: DatasetIndex, config: TrainConfig) -> tuple[float, float, float]:
    """Images per second of the first epoch from the very start, decoding included; of the first epoch of a
    second training, from its very start, which finds all features; and of the epochs after it but for the
    last, which chooses the regularisation once more."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["CNNGUI_HOME"] = home
        first, *_ = (e for e in run(index, config, Cancel()) if isinstance(e, EpochDone))
        again, *later, _ = (e for e in run(index, config, Cancel()) if isinstance(e, EpochDone))
    speed = statistics.median(epoch.images_per_second for epoch in later)
    return first.images_per_second, again.images_per_second, speed


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--models", nargs="+", default=["resnet18", "mobilenet_v3_small"])
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args(arguments)
    os.environ["OMP_NUM_THREADS"] = str(given.threads)  # of the processes that come
    *_, index = scan(given.folder, Cancel())
    assert isinstance(index, DatasetIndex)
    # All pictures are learnt from: the plain loop validates nothing either.
    index = replace(index, records=tuple(replace(one, split=Split.TRAIN) for one in index.records))
    with tempfile.TemporaryDirectory() as temporary:
        for model in given.models:
            weights = Path(temporary) / f"{model}.pth"
            torch.save(models.get_model(model).state_dict(), weights)
            config = TrainConfig(
                model=model, method="quick", weights=str(weights), device="cpu", val_fraction=0.0, epochs=4
            )
            pairs = [
                (apart(plain, given.folder, model, given.threads), *apart(ours, index, config))
                for _ in range(given.pairs)
            ]
            for what, place in (("first epoch", 1), ("second training", 2), ("its later epochs", 3)):
                ratios = [pair[place] / pair[0] for pair in pairs]
                shown = ", ".join(f"{pair[place]:,.0f} against {pair[0]:,.0f}" for pair in pairs)
                print(f"{model:<20} {what:<16} {statistics.median(ratios):6.1f} x plain  ({shown} images/s)")


if __name__ == "__main__":
    main()
