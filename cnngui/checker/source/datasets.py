"""Data sets by name: classes, channels, sizes and the statistics people normalise them with."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnngui.checker.source import iteration
from cnngui.checker.source.sizes import Dim, fresh
from cnngui.checker.source.values import Dataset, Loader, Obj, Range, Tensor, Unknown, as_int, sequence

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine


@dataclass(frozen=True, slots=True)
class Known:
    """A torchvision data set: classes, channels, side (None: many sizes), mean and std of its pixels."""

    classes: int | None
    channels: int
    side: int | None
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    split: str = "train"


TABLE = {
    "MNIST": Known(10, 1, 28, (0.1307,), (0.3081,)),
    "FashionMNIST": Known(10, 1, 28, (0.2860,), (0.3530,)),
    "KMNIST": Known(10, 1, 28, (0.1918,), (0.3483,)),
    "QMNIST": Known(10, 1, 28, (0.1307,), (0.3081,)),
    "EMNIST": Known(None, 1, 28, (0.1736,), (0.3248,)),
    "USPS": Known(10, 1, 16, (0.2469,), (0.2989,)),
    "CIFAR10": Known(10, 3, 32, (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
    "CIFAR100": Known(100, 3, 32, (0.5071, 0.4865, 0.4409), (0.2673, 0.2564, 0.2762)),
    "SVHN": Known(10, 3, 32, (0.4377, 0.4438, 0.4728), (0.1980, 0.2010, 0.1970), "split"),
    "STL10": Known(10, 3, 96, (0.4467, 0.4398, 0.4066), (0.2603, 0.2566, 0.2713), "split"),
    "GTSRB": Known(43, 3, None, (), (), "split"),
    "EuroSAT": Known(10, 3, 64, (), (), ""),
    "Food101": Known(101, 3, None, (), (), "split"),
    "Flowers102": Known(102, 3, None, (), (), "split"),
    "OxfordIIITPet": Known(37, 3, None, (), (), "split"),
    "StanfordCars": Known(196, 3, None, (), (), "split"),
    "FGVCAircraft": Known(100, 3, None, (), (), "split"),
    "Caltech101": Known(101, 3, None, (), (), ""),
    "Caltech256": Known(257, 3, None, (), (), ""),
    "DTD": Known(47, 3, None, (), (), "split"),
    "SUN397": Known(397, 3, None, (), (), ""),
    "Country211": Known(211, 3, None, (), (), "split"),
    "PCAM": Known(2, 3, 96, (), (), "split"),
    "Imagenette": Known(10, 3, None, (), (), "split"),
    "ImageNet": Known(1000, 3, None, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), "split"),
    "ImageFolder": Known(None, 3, None, (), (), ""),
    "DatasetFolder": Known(None, 3, None, (), (), ""),
    "FakeData": Known(None, 3, None, (), (), ""),
}
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
EMNIST_CLASSES = {"letters": 27, "digits": 10, "mnist": 10, "balanced": 47, "bymerge": 47, "byclass": 62}
LENGTHS = {
    "MNIST": (60000, 10000), "FashionMNIST": (60000, 10000), "KMNIST": (60000, 10000), "QMNIST": (60000,
    60000),
    "CIFAR10": (50000, 10000), "CIFAR100": (50000, 10000), "SVHN": (73257, 26032), "STL10": (5000, 8000),
    "USPS": (7291, 2007),
}  # fmt: skip
"""Pictures in the training and the test split."""
POSITIONS = {
    "train": ("root", "train", "transform", "target_transform"),
    "split": ("root", "split", "transform", "target_transform"),
    "": ("root", "transform", "target_transform"),
}
LOADER = ("dataset", "batch_size", "shuffle", "sampler", "batch_sampler", "num_workers", "collate_fn")


def torchvision(m: Machine, name: str, args: Args, node: ast.AST) -> object:
    """``datasets.CIFAR10(root, train=True, transform=...)``."""
    known = TABLE.get(name)
    if known is None:
        return Unknown(name)
    positions: tuple[str, ...] = POSITIONS[known.split]
    if name == "EMNIST":
        positions = ("root", "split")
    if name == "FakeData":
        positions = ("size", "image_size", "num_classes", "transform", "target_transform")
    config: dict[object, object] = {key: args.get(index, key) for index, key in enumerate(positions)}
    config.update(args.kw)
    size = (known.side, known.side) if known.side is not None else None
    made = Dataset(
        name, m.spot(node), _split(known, config), config.get("root"), config.get("transform"),
        config.get("target_transform"), known.classes, known.channels, size, True if size else None,
            config=config,
    )  # fmt: skip
    if name == "EMNIST":
        made.classes = EMNIST_CLASSES.get(str(config.get("split")))
        made.split = {True: "train", False: "test"}.get(bool(config.get("train", True)), "")
    if name == "FakeData":
        _fake(made, config)
    m.facts.datasets.append(made)
    return made


def _fake(made: Dataset, config: dict[object, object]) -> None:
    shape = sequence(config.get("image_size")) or [3, 224, 224]
    made.classes = as_int(config.get("num_classes", 10)) or 10
    made.split = ""
    if len(shape) == 3 and all(isinstance(one, int) for one in shape):
        channels, height, width = (int(one) for one in shape if isinstance(one, int))
        made.channels, made.size, made.square = channels, (height, width), height == width


def _split(known: Known, config: dict[object, object]) -> str:
    if known.split == "train":
        train = config.get("train", True)
        train = True if train is None else train
        return {True: "train", False: "test"}.get(train, "") if isinstance(train, bool) else ""
    if known.split == "split":
        split = config.get("split")
        return split if isinstance(split, str) else ("train" if split is None else "")
    root = config.get("root")
    if isinstance(root, str):
        last = root.replace("\\", "/").rstrip("/").rpartition("/")[2].lower()
        return last if last in {"train", "training", "val", "valid", "validation", "test", "testing"} else ""
    return ""


def tensors(m: Machine, args: Args, node: ast.AST) -> object:
    """``TensorDataset(images, labels)``."""
    made = Dataset("TensorDataset", m.spot(node), tensors=tuple(args.pos))
    m.facts.datasets.append(made)
    return made


def own(m: Machine, obj: Obj) -> Dataset:
    """A data set of a class of the file."""
    for one in m.facts.datasets:
        if one.obj is obj:
            return one
    made = Dataset(obj.cls.name, obj.at, obj=obj)
    m.facts.datasets.append(made)
    return made


def as_dataset(m: Machine, value: object) -> Dataset | None:
    """The value as a data set, if it is one."""
    if isinstance(value, Dataset):
        return value
    if isinstance(value, Obj) and value.cls.lookup("__getitem__") is not None:
        return own(m, value)
    return None


def part(m: Machine, whole: object, share: object, node: ast.AST, length: object = None) -> object:
    """A part of a data set; parts with different shares of one cut do not overlap."""
    base = as_dataset(m, whole)
    if base is None:
        return Unknown(parent=whole)
    made = Dataset(
        "Subset", m.spot(node), base.split, base.root, base.transform, base.target_transform, base.classes,
        base.channels, base.size, base.square, None, (), (base,), share, length,
    )  # fmt: skip
    m.facts.datasets.append(made)
    return made


def random_split(m: Machine, args: Args, node: ast.AST) -> object:
    """``random_split(dataset, lengths)``: parts that do not overlap."""
    whole, lengths = args.get(0, "dataset"), args.get(1, "lengths")
    items = iteration.known_items(m, lengths) or [None, None]
    cut = m.next_number()
    return m.new_list(
        [part(m, whole, ("cut", cut, index), node, length) for index, length in enumerate(items)]
    )


def concatenated(m: Machine, args: Args, node: ast.AST) -> object:
    """``ConcatDataset([...])`` and ``a + b``."""
    parts = [as_dataset(m, one) for one in (sequence(args.get(0, "datasets")) or [])]
    known = tuple(one for one in parts if one is not None)
    if not known or len(known) != len(parts):
        return Unknown()
    first = known[0]
    made = Dataset(
        "ConcatDataset", m.spot(node), "", None, first.transform, None, first.classes, first.channels,
        first.size,
        first.square, None, (), known,
    )  # fmt: skip
    m.facts.datasets.append(made)
    return made


def loader(m: Machine, args: Args, node: ast.AST) -> object:
    """``DataLoader(dataset, ...)``."""
    config: dict[object, object] = {}
    for index, key in enumerate(LOADER):
        if key in args.kw or index < len(args.pos) or args.star:
            config[key] = args.get(index, key)
    config.update((key, value) for key, value in args.kw.items() if key not in config)
    given = config.get("dataset")
    made = Loader(as_dataset(m, given) or given, config, m.spot(node))
    m.facts.loaders.append(made)
    return made


def whole(dataset: Dataset, name: str) -> object:
    """``dataset.data`` and ``dataset.targets``: all pictures as bytes, all class numbers."""
    known = TABLE.get(dataset.kind)
    if known is None or known.side is None:
        return Unknown(name, parent=dataset)
    rows = length(dataset)
    first: Dim = rows if isinstance(rows, int) else fresh("n")
    if name in {"targets", "labels"}:
        return Tensor((first,), "int", role="target", data=dataset, classes=dataset.classes)
    if name != "data":
        return Unknown(name, parent=dataset)
    side, given = known.side, Range("0-255", at=dataset.at)
    if known.channels == 1:
        return Tensor((first, side, side), "uint8", role="input", range=given, data=dataset)
    last = (first, 3, side, side) if dataset.kind in {"SVHN", "STL10"} else (first, side, side, 3)
    return Tensor(last, "uint8", role="input", range=given, data=dataset, array=True)


def length(value: Dataset) -> object:
    """``len(dataset)``."""
    if value.tensors and isinstance(value.tensors[0], Tensor) and value.tensors[0].shape:
        return value.tensors[0].shape[0]
    if value.kind in LENGTHS and value.split in {"train", "test"}:
        return LENGTHS[value.kind][value.split == "test"]
    return value.length if isinstance(value.length, int) else Unknown("length")
