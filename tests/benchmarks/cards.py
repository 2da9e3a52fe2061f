"""What a graphics card has to show, each figure beside its bar.

    python -m tests.benchmarks.cards CIFAR10_FOLDER [--device cuda] [--only cifar photos processes] [--runs N]
        [--images N] [--epochs N] [--batch N] [--set NAME=VALUE ...] [--compile]
        [--photos N] [--photo-batch N] [--size N]

CIFAR10_FOLDER holds train/<class>/*.jpg and test/<class>/*.jpg of 32 × 32 pixels. The bars:

cifar: resnet_small, by the program's ordinary training, is as accurate on the test pictures as airbench94
(airbench.py), in at most twice its time. Both learn from all training pictures and are judged once, at the
end, from six looks at each test picture. Counted is, for ours, all between the first step and the end of the
last epoch, with the reports, the checkpoints and the model file after each epoch; for airbench94 all from
pictures on the card to the last weights. Reading and decoding, building the network, judging, and a training
before that warms the card up count on neither side: ours is one epoch, airbench94's a whole one, in which
--compile also has PyTorch's compiler work. --epochs, --batch and --set (a part of the recipe, as in `cnngui
train`) are there to look for the shortest training that is as accurate.

photos: ResNet-50, by the ordinary training from the cache, makes at least 90 % of the speed of the same
Stepper on tensors that are on the card already: once with the decoded pictures on the card, as where they
fit, and once gathered from the memory map batch by batch, as where they do not. The steps of all epochs but
the first count, with all that is done between them. The pictures are CIFAR-10's, enlarged: what they show
makes no difference once they are decoded.

processes: two processes on one card, by torchrun (not on Windows), learn what one does, but for rounding: in
full precision, without TF32, no weight differs by more than 1e-4. On processors batch norms count each
process's part of a batch by itself, so that there only the network without them is compared.

Each training has a process of its own. Peak memory is what PyTorch's tensors have taken on the card at a
time. What a step takes is measured by itself, with each of its parts waited for.
"""

import argparse
import gc
import os
import shutil
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

import torch

from cnngui.cancel import Cancel
from cnngui.data.index import DatasetIndex, Split
from cnngui.engine.cache import Cached, open_cache
from cnngui.engine.classify import Classifier
from cnngui.engine.device import choose
from cnngui.engine.evaluate import evaluate
from cnngui.engine.models import registry
from cnngui.engine.options import changed
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.results import Evaluation
from cnngui.engine.spec import TrainConfig
from cnngui.errors import RequestError
from tests.benchmarks.airbench import Pictures, airbench94
from tests.benchmarks.jobs import apart
from tests.benchmarks.watched import Training, peak, pictures, scanned, stepped, trained
from tests.journeys.test_many_processes import CNNGUI, RECIPE, furthest, together

_BARS = ("cifar", "photos", "processes")
_MOST_TIME, _LEAST_SPEED, _FURTHEST = 2.0, 0.9, 1e-4

_PHOTO_NETWORK, _PHOTO_EPOCHS = "resnet50", 3  # the first of which warms up
_SHARED = 230  # pictures that processes share: 14 batches of 16 and one of 6


@dataclass(frozen=True)
class Entry:
    """One training on CIFAR-10."""

    how: str
    accuracy: float  # 0 to 1
    seconds: float
    peak: int | None  # bytes on the card


# --- what runs in processes of its own -------------------------------------------------------------


def machine(device: str) -> str:
    """Raises RequestError where there is no such device."""
    choice = choose(device)
    if choice.device == "cpu":
        return f"The processor, {torch.get_num_threads()} threads; PyTorch {torch.__version__}"
    card = torch.cuda.get_device_properties(choice.device)
    memory = card.total_memory / 2**30
    return f"{card.name}, {memory:.0f} GiB; PyTorch {torch.__version__}, CUDA {torch.version.cuda}"


def ours(folder: Path, config: TrainConfig) -> Entry:
    """A training on the training pictures of `folder`, judged on its test pictures."""
    index = scanned(folder)
    trained(index, replace(config, epochs=1))  # decodes, and warms up
    gc.collect()
    if config.device != "cpu":
        torch.cuda.reset_peak_memory_stats()
    done = trained(index, config)
    *_, judged = evaluate(Classifier.open(done.model, config.device), index, Cancel())
    assert isinstance(judged, Evaluation)
    it = done.started
    how = f"{it.model}, {it.precision}, {it.epochs} epochs of {it.train_images:,}, batch {it.batch_size}"
    return Entry(how, judged.accuracy, done.seconds, done.peak)


def rival(folder: Path, device: str, seed: int, compiled: bool) -> Entry:
    """airbench94 on the same pictures, as our cache has them."""
    index = scanned(folder)
    *_, cached = open_cache(index, ImagePipeline(registry.card("resnet_small").spec), Cancel())
    assert isinstance(cached, Cached)
    train, test = (_labelled(index, cached, split) for split in (Split.TRAIN, Split.TEST))
    done = airbench94(train, test, choose(device).device, seed=seed, compiled=compiled)
    how = "airbench94, compiled" if compiled else "airbench94"
    return Entry(how, done.accuracy, done.seconds, peak(device))


def from_cache(folder: Path, config: TrainConfig, on_card: bool) -> Training:
    """A training on `folder`; `on_card` as for `pictures`."""
    with pictures(on_card):
        return trained(scanned(folder), config)


def _labelled(index: DatasetIndex, cached: Cached, split: Split) -> Pictures:
    rows = [
        row
        for row, record in enumerate(index.records)
        if record.split is split and row not in cached.unreadable
    ]
    labels = torch.tensor([index.records[row].label for row in rows])
    return Pictures(torch.from_numpy(cached.pixels[rows]).permute(0, 3, 1, 2), labels)


# --- the bars --------------------------------------------------------------------------------------


def cifar(folder: Path, config: TrainConfig, runs: int, compiled: bool) -> None:
    mine, theirs = [], []
    for seed in range(runs):
        theirs.append(apart(rival, folder, config.device, seed, compiled))
        mine.append(apart(ours, folder, replace(config, seed=seed)))
    for entries in (theirs, mine):
        print(f"cifar: {_told(entries)}")
    print(f"cifar: {apart(stepped, folder, config)}")
    points = 100 * (_accuracy(mine) - _accuracy(theirs))
    times = [one.seconds / other.seconds for one, other in zip(mine, theirs, strict=True)]
    print(f"cifar: {points:+.2f} points in {_range(times, '.2f')} times the time; ", end="")
    holds = points >= 0 and statistics.median(times) <= _MOST_TIME
    print(f"bar: as accurate in {_MOST_TIME:.2f}: {_verdict(holds)}", flush=True)


def photos(folder: Path, config: TrainConfig, runs: int) -> None:
    for place in ("card", "map") if config.device != "cpu" else ("map",):
        done = [apart(from_cache, folder, config, place == "card") for _ in range(runs)]
        it = done[0].started
        settled = replace(config, precision=it.precision)
        alone = [apart(stepped, folder, settled, place == "card") for _ in range(runs)]
        fast, fastest = ([one.speed for one in some] for some in (done, alone))
        print(
            f"photos: {it.model}, {it.precision}, {config.size} × {config.size}, batch {it.batch_size}, ",
            end="",
        )
        print(f"pictures in the {place}: {_range(fast, ',.0f')} images/s, ", end="")
        print(f"on ready tensors {_range(fastest, ',.0f')}; peak {_memory(done[0].peak)}")
        print(f"photos: {alone[0]}")
        ratios = [one / other for one, other in zip(fast, fastest, strict=True)]
        holds = statistics.median(ratios) >= _LEAST_SPEED
        print(f"photos: ratio {_range(ratios, '.3f')}; bar {_LEAST_SPEED:.3f}: {_verdict(holds)}", flush=True)


def processes(folder: Path, device: str, place: Path) -> None:
    networks: dict[str, tuple[str, ...]] = {"simple_cnn": ()}
    if device != "cpu":
        # Muon brings the smallest directions of a gradient to the size of all, and with them their rounding.
        networks["simple_cnn_bn"] = ("--set", "optimizer=adamw")
    card = os.environ.get("CUDA_VISIBLE_DEVICES", "0").partition(",")[0]
    for name, parts in networks.items():
        one, again, two = (place / f"{name}-{which}.safetensors" for which in ("one", "again", "two"))
        for count, output in ((1, one), (1, again), (2, two)):
            command = [*CNNGUI, "train", folder, "-o", output, *RECIPE, "--model", name, *parts]
            command += ["--method", "scratch", "--val-fraction", "0", "--device", device]
            with mock.patch.dict(os.environ, {"NVIDIA_TF32_OVERRIDE": "0", "CUDA_VISIBLE_DEVICES": card}):
                done = together(count, *command)
            if done.returncode:
                raise SystemExit(f"Of {count}, {name} ended with {done.returncode}:\n{done.stderr}")
        print(f"processes: {name}: two differ from one by {furthest(one, two):.1e}, ", end="")
        print(f"one from itself by {furthest(one, again):.1e}; ", end="")
        print(f"bar {_FURTHEST:.0e}: {_verdict(furthest(one, two) <= _FURTHEST)}", flush=True)


def _told(entries: Sequence[Entry]) -> str:
    least, most = (100 * one(entry.accuracy for entry in entries) for one in (min, max))
    return (
        f"{entries[0].how}: {100 * _accuracy(entries):.2f} % ({least:.2f} to {most:.2f}) in "
        f"{_range([one.seconds for one in entries], '.2f')} s, peak {_memory(entries[0].peak)}"
    )


def _accuracy(entries: Sequence[Entry]) -> float:
    return statistics.mean(one.accuracy for one in entries)


def _range(values: Sequence[float], form: str) -> str:
    return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def _memory(size: int | None) -> str:
    return "not measured" if size is None else f"{size / 2**30:.2f} GiB"


def _verdict(holds: bool) -> str:
    return "holds" if holds else "DOES NOT HOLD"


# --- the command -----------------------------------------------------------------------------------


def some_of(source: Path, target: Path, count: int) -> Path:
    """`target` with `count` of the pictures in the class folders of `source`, of each class as many as of the
    others or one more; all of a class where it has fewer."""
    folders = sorted(one for one in source.iterdir() if one.is_dir())
    for number, folder in enumerate(folders):
        place = target / folder.name
        place.mkdir(parents=True)
        for file in sorted(folder.iterdir())[: (count + len(folders) - 1 - number) // len(folders)]:
            shutil.copy(file, place)
    return target


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cifar", type=Path)
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda", help="cpu: to see that it runs")
    parser.add_argument("--only", nargs="+", choices=_BARS, default=_BARS)
    parser.add_argument("--runs", type=int, default=5, help="medians are printed, and of accuracies the mean")
    parser.add_argument("--images", type=int, help="of each of CIFAR-10's splits; default all")
    parser.add_argument("--epochs", type=int, help="of resnet_small; default as it is without a choice")
    parser.add_argument("--batch", type=int, help="of resnet_small; default as it is without a choice")
    parser.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE", help="of resnet_small's recipe")
    parser.add_argument("--compile", action="store_true", help="airbench94 by PyTorch's compiler")
    parser.add_argument(
        "--photos", type=int, default=4096, help="for ResNet-50; whole batches of them are used"
    )
    parser.add_argument("--photo-batch", type=int, default=128, help="fewer for a card of little memory")
    parser.add_argument("--size", type=int, default=224, help="of ResNet-50's pictures, in pixels")
    given = parser.parse_args(arguments)
    common = TrainConfig(method="scratch", val_fraction=0.0, device=given.device)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        os.environ["CNNGUI_HOME"] = str(place / "home")
        try:
            print(apart(machine, given.device), flush=True)
            if "cifar" in given.only:
                folder = given.cifar
                if given.images:
                    folder = place / "cifar"
                    for split in ("train", "test"):
                        some_of(given.cifar / split, folder / split, given.images)
                config = replace(common, model="resnet_small", epochs=given.epochs, batch_size=given.batch)
                cifar(folder, changed(config, given.set), given.runs, given.compile)
            if "photos" in given.only:
                count = max(1, given.photos // given.photo_batch) * given.photo_batch
                folder = some_of(given.cifar / "train", place / "photos", count)
                config = replace(common, model=_PHOTO_NETWORK, size=given.size, batch_size=given.photo_batch)
                photos(folder, replace(config, epochs=_PHOTO_EPOCHS), given.runs)
            if "processes" in given.only:
                folder = some_of(given.cifar / "train", place / "shared", _SHARED)
                processes(folder, given.device, place)
        except RequestError as error:
            raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
