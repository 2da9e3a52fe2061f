"""Accuracy and time of Quick against fastai's `vision_learner`, with the same weights, on small photo sets.

    pip install fastai
    python -m tests.benchmarks.fastai_photos HYMENOPTERA_FOLDER CIFAR10_FOLDER WEIGHTS
        [--epochs N] [--seeds N]

WEIGHTS are of torchvision's mobilenet_v2. fastai trains as its documentation shows: `aug_transforms` and
`fine_tune(N)`, which trains the new last layers for one epoch and everything for N. Both are judged on the
same pictures, which neither learns from. Seconds count from the folder to the trained network; what has to be
imported is imported before.
"""

import argparse
import os
import random
import shutil
import tempfile
import time
from pathlib import Path

import torch
from torchvision import models

from cnngui.cancel import Cancel
from cnngui.data.index import DatasetIndex, scan
from cnngui.engine.classify import Classifier
from cnngui.engine.evaluate import evaluate
from cnngui.engine.events import RunEnded
from cnngui.engine.results import Evaluation
from cnngui.engine.runs import run
from cnngui.engine.spec import TrainConfig


def photo_sets(bees: Path, things: Path, root: Path) -> list[Path]:
    """Folders with train/ and val/, copied into `root`."""
    whole = root / "ants and bees"
    shutil.copytree(bees / "train", whole / "train")
    shutil.copytree(bees / "val", whole / "val")
    return [
        whole,
        _drawn(bees, root / "ants and bees, 20 each", ("ants", "bees"), 20, "val", 70),
        _drawn(things, root / "cats and dogs, 32 × 32, 150 each", ("cat", "dog"), 150, "test", 200),
        _drawn(things, root / "ten things, 32 × 32, 60 each", None, 60, "test", 60),
    ]


def _drawn(
    source: Path, target: Path, classes: tuple[str, ...] | None, count: int, other: str, judged: int
) -> Path:
    """So many pictures of each class to learn from, and of the `other` split to judge by."""
    dice = random.Random(0)
    names = classes or tuple(sorted(one.name for one in (source / "train").iterdir() if one.is_dir()))
    for split, place, number in (("train", "train", count), (other, "val", judged)):
        for name in names:
            files = sorted((source / split / name).glob("*.jpg"))
            (target / place / name).mkdir(parents=True)
            for file in dice.sample(files, min(number, len(files))):
                shutil.copy(file, target / place / name)
    return target


def ours(folder: Path, weights: Path, seed: int) -> tuple[float, float]:
    """Accuracy and seconds."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["CNNGUI_HOME"] = home
        started = time.perf_counter()
        *_, index = scan(folder / "train", Cancel())
        assert isinstance(index, DatasetIndex)
        config = TrainConfig(
            model="mobilenet_v2", method="quick", weights=str(weights), device="cpu", seed=seed
        )
        *_, end = run(index, config, Cancel())
        seconds = time.perf_counter() - started
        assert isinstance(end, RunEnded)
        assert end.model is not None
        *_, judged = scan(folder / "val", Cancel())
        assert isinstance(judged, DatasetIndex)
        *_, result = evaluate(Classifier.open(Path(end.model)), judged, Cancel())
        assert isinstance(result, Evaluation)
    return result.accuracy, seconds


def with_fastai(folder: Path, weights: Path, seed: int, epochs: int) -> tuple[float, float]:
    """Accuracy and seconds."""
    from fastai.vision.all import (
        ImageDataLoaders,
        Normalize,
        Resize,
        accuracy,
        aug_transforms,
        model_meta,
        set_seed,
        vision_learner,
    )
    from fastai.vision.learner import default_split

    # It knows where to cut some of torchvision's networks, and not this one.
    model_meta[models.mobilenet_v2] = {"cut": -1, "split": default_split}
    set_seed(seed)
    started = time.perf_counter()
    loaders = ImageDataLoaders.from_folder(
        folder,
        train="train",
        valid="val",
        bs=32,
        num_workers=os.cpu_count() or 1,
        item_tfms=Resize(256),
        batch_tfms=[
            *aug_transforms(size=224),
            Normalize.from_stats((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        ],
    )
    learner = vision_learner(loaders, models.mobilenet_v2, pretrained=False, metrics=accuracy)
    state = torch.load(weights, weights_only=True)
    body = {
        name.removeprefix("features."): one for name, one in state.items() if name.startswith("features.")
    }
    learner.model[0][0].load_state_dict(body)
    learner.freeze()
    with learner.no_bar(), learner.no_logging():
        learner.fine_tune(epochs)
        seconds = time.perf_counter() - started
        return float(learner.validate()[1]), seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("bees", "things", "weights"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    import cnngui.engine.train  # noqa: F401  loaded before the clock runs

    with tempfile.TemporaryDirectory() as temporary:
        for folder in photo_sets(given.bees, given.things, Path(temporary)):
            pairs = [
                (ours(folder, given.weights, seed), with_fastai(folder, given.weights, seed, given.epochs))
                for seed in range(given.seeds)
            ]
            mean = [sum(column) / len(pairs) for column in zip(*(a + b for a, b in pairs), strict=True)]
            print(
                f"{folder.name}: Quick {mean[0]:.1%} in {mean[1]:.0f} s, fastai fine_tune({given.epochs}) "
                f"{mean[2]:.1%} in {mean[3]:.0f} s; each run: "
                + ", ".join(f"{a[0]:.1%}/{a[1]:.0f} s and {b[0]:.1%}/{b[1]:.0f} s" for a, b in pairs),
                flush=True,
            )


if __name__ == "__main__":
    main()
