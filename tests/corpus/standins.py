"""Stand-ins at the edge of a corpus script: data sets without a download, loaders of three batches,
packages that are not installed. The scripts' own networks, losses, optimisers and transforms are real.

Pictures are made of noise and a pattern per class, in the size and mode of the real data set.
"""

from __future__ import annotations

import inspect
import io
import itertools
import sys
import types
from pathlib import Path
from unittest.mock import MagicMock

import numpy as np
import torch
import torchvision
from PIL import Image
from torch.utils.data import BatchSampler, DataLoader, Dataset, IterableDataset
from torchvision.models._api import WeightsEnum

# name: (classes, height, width, mode, {split: length}, first label, kind of .targets)
# A size of 0 stands for photographs of many sizes.
DATA_SETS = {
    "MNIST": (10, 28, 28, "L", {"train": 60000, "test": 10000}),
    "FashionMNIST": (10, 28, 28, "L", {"train": 60000, "test": 10000}),
    "KMNIST": (10, 28, 28, "L", {"train": 60000, "test": 10000}),
    "QMNIST": (10, 28, 28, "L", {"train": 60000, "test": 10000}),
    "EMNIST": (47, 28, 28, "L", {"train": 112800, "test": 18800}),
    "USPS": (10, 16, 16, "L", {"train": 7291, "test": 2007}),
    "CIFAR10": (10, 32, 32, "RGB", {"train": 50000, "test": 10000}),
    "CIFAR100": (100, 32, 32, "RGB", {"train": 50000, "test": 10000}),
    "SVHN": (10, 32, 32, "RGB", {"train": 73257, "test": 26032, "extra": 531131}),
    "STL10": (10, 96, 96, "RGB", {"train": 5000, "test": 8000}),
    "Flowers102": (102, 0, 0, "RGB", {"train": 1020, "val": 1020, "test": 6149}),
    "OxfordIIITPet": (37, 0, 0, "RGB", {"trainval": 3680, "test": 3669}),
    "Food101": (101, 0, 0, "RGB", {"train": 75750, "test": 25250}),
    "GTSRB": (43, 0, 0, "RGB", {"train": 26640, "test": 12630}),
    "EuroSAT": (10, 64, 64, "RGB", {"all": 27000}),
    "FER2013": (7, 48, 48, "L", {"train": 28709, "test": 7178}),
    "DTD": (47, 0, 0, "RGB", {"train": 1880, "val": 1880, "test": 1880}),
    "Imagenette": (10, 0, 0, "RGB", {"train": 9469, "val": 3925}),
    "Caltech101": (101, 0, 0, "RGB", {"all": 8677}),
}
EMNIST_CLASSES = {"byclass": 62, "bymerge": 47, "balanced": 47, "letters": 26, "digits": 10, "mnist": 10}
PHOTO_SIZES = ((120, 160), (160, 120), (112, 150), (135, 135), (150, 106))

NOISE = np.random.default_rng(0).integers(0, 110, (4, 300, 300, 4))


def picture(index: int, label: int, height: int, width: int, mode: str) -> Image.Image:
    """A deterministic picture: the label's stripes under noise that differs from picture to picture."""
    if height == 0:
        height, width = PHOTO_SIZES[index % len(PHOTO_SIZES)]
    channels = {"L": 1, "RGB": 3, "RGBA": 4}[mode]
    top, left = (index * 37) % 100, (index * 61) % 100
    noise = NOISE[index % 4, top : top + height, left : left + width, :channels]
    rows = np.arange(height, dtype=np.float32)[:, None] * (64.0 / max(height, width))
    columns = np.arange(width, dtype=np.float32)[None] * (64.0 / max(height, width))
    stripes = 70 + 70 * np.sin(rows * (0.1 + 0.07 * (label % 7)) + columns * (0.1 + 0.05 * (label // 7)))
    pixels = (noise + stripes[..., None]).clip(0, 255).astype(np.uint8)
    return Image.fromarray(pixels[..., 0] if mode == "L" else pixels, mode=None)


def _label(index: int, classes: int) -> int:
    return (index * 7919 + index // 13) % classes


class FakeSet(Dataset):
    """Has the constructor, length, sizes, modes and attributes of the torchvision class of the same name."""

    name = "MNIST"
    signature = inspect.Signature()

    def __init__(self, *args, **kwargs):
        bound = self.signature.bind(None, *args, **kwargs)
        bound.apply_defaults()
        given = {**bound.arguments, **bound.arguments.get("kwargs", {})}
        classes, self._height, self._width, self._mode, lengths = DATA_SETS[self.name]
        self._first = 0
        split = given.get("split")
        if self.name == "EMNIST":
            classes = EMNIST_CLASSES[split]
            self._first = 1 if split == "letters" else 0
            split = None
        self.train = given.get("train", True)
        if split is None:
            split = "all" if "all" in lengths else "train" if self.train else "test"
        if split not in lengths:
            raise ValueError(f"Unknown value '{split}' for argument split.")
        self.root, self.split = given.get("root"), split
        self.transform, self.target_transform = given.get("transform"), given.get("target_transform")
        self._length = lengths[split]
        self._seed = {"train": 0, "trainval": 0, "all": 0, "test": 10**6, "val": 2 * 10**6}.get(
            split, 3 * 10**6
        )
        self._count = classes
        self.classes = [f"class{number}" for number in range(classes)]
        self.class_to_idx = {name: number for number, name in enumerate(self.classes)}

    def __len__(self):
        return self._length

    def _target(self, index):
        return self._first + _label(index, self._count)

    def __getitem__(self, index):
        index = int(index)
        if index >= self._length:
            raise IndexError(index)
        target = self._target(index)
        image = picture(self._seed + index, target, self._height, self._width, self._mode)
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target

    @property
    def targets(self):
        labels = [self._target(index) for index in range(self._length)]
        return torch.tensor(labels) if self._mode == "L" else labels

    labels = targets
    _labels = targets

    @property
    def data(self):
        first = [np.asarray(picture(self._seed + i, self._target(i), 32, 32, self._mode)) for i in range(100)]
        small = np.stack(first)[:, : self._height, : self._width]
        whole = np.tile(small, (-(-self._length // 100),) + (1,) * (small.ndim - 1))[: self._length]
        if self._mode == "L":
            return torch.from_numpy(whole)
        return whole.transpose(0, 3, 1, 2) if self.name == "SVHN" else whole


def install_data_sets() -> None:
    for name in DATA_SETS:
        real = getattr(torchvision.datasets, name)
        body = {"name": name, "signature": inspect.signature(real.__init__)}
        setattr(torchvision.datasets, name, type(name, (FakeSet,), body))
    for real in (torchvision.datasets.ImageFolder, torchvision.datasets.DatasetFolder):
        _make_root_relative(real)


def _make_root_relative(real) -> None:
    inner = real.__init__

    def __init__(self, root, *args, **kwargs):
        inner(self, str(root).lstrip("/"), *args, **kwargs)

    real.__init__ = __init__


# ---- files a script reads ------------------------------------------------------------------------------


def write_tree(folder: Path, tree: dict) -> None:
    """tree: {"data/cat": {"count": 4, "size": [h, w], "mode": "RGB", "suffix": ".jpg"}, "a.csv": text}."""
    serial = itertools.count(5000)
    for label, (where, what) in enumerate(tree.items()):
        target = folder / where.lstrip("/")
        if isinstance(what, str):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(what)
            continue
        target.mkdir(parents=True, exist_ok=True)
        height, width = what.get("size", (0, 0))
        for number in range(what.get("count", 4)):
            name = what.get("name", "img_{:03d}").format(number) + what.get("suffix", ".jpg")
            picture(next(serial), label, height, width, what.get("mode", "RGB")).save(target / name)


# ---- short runs ----------------------------------------------------------------------------------------

limits = {"batch": 8, "batches": 3, "epochs": 2}


def _few_batches(self):
    """The first batches and the last one, which may be smaller, each cut to limits["batch"] samples."""
    cap = limits["batch"]
    if isinstance(self.dataset, IterableDataset):
        samples = iter(self.dataset)
        for _ in range(limits["batches"]):
            batch = list(itertools.islice(samples, min(self.batch_size, cap or self.batch_size)))
            if batch:
                yield self.collate_fn(batch)
        return
    if self.batch_sampler is None:
        for index in itertools.islice(self.sampler, limits["batches"]):
            yield self.collate_fn(self.dataset[index])
        return
    for numbers in _first_and_last(self.batch_sampler):
        numbers = numbers[:cap]
        if hasattr(self.dataset, "__getitems__"):
            yield self.collate_fn(self.dataset.__getitems__(numbers))
        else:
            yield self.collate_fn([self.dataset[number] for number in numbers])


def _first_and_last(batch_sampler):
    def few(items):
        keep = limits["batches"]
        return items if len(items) <= keep else [*items[: keep - 1], items[-1]]

    if type(batch_sampler) is not BatchSampler:
        return few(list(batch_sampler))
    # the same batches without building hundreds of lists in between
    order, size = list(batch_sampler.sampler), batch_sampler.batch_size
    whole = len(order) - len(order) % size if batch_sampler.drop_last else len(order)
    return [order[start : min(start + size, whole)] for start in few(list(range(0, whole, size)))]


class NoWeights(dict):
    """What a download would have brought; loading it leaves the network as it is."""


def install_torch_edges() -> None:
    DataLoader.__iter__ = _few_batches
    torch.Tensor.cuda = lambda self, *args, **kwargs: self
    torch.nn.Module.cuda = lambda self, *args, **kwargs: self
    torch.compile = lambda model=None, **kwargs: model if model is not None else (lambda inner: inner)
    WeightsEnum.get_state_dict = lambda self, *args, **kwargs: NoWeights()
    load = torch.nn.Module.load_state_dict

    def load_state_dict(self, state, *args, **kwargs):
        return None if isinstance(state, NoWeights) else load(self, state, *args, **kwargs)

    torch.nn.Module.load_state_dict = load_state_dict


# ---- packages that are not installed ---------------------------------------------------------------------


class Bar:
    """tqdm: passes the items on."""

    def __init__(self, items=None, total=None, **kwargs):
        self.items, self.total = items, total

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


def _module(name: str, **members) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], child, module)
    return module


def _train_test_split(
    *arrays, test_size=0.25, random_state=None, stratify=None, shuffle=True, train_size=None
):
    count = len(arrays[0])
    order = np.random.default_rng(0).permutation(count) if shuffle else np.arange(count)
    held = round(count * test_size) if isinstance(test_size, float) else test_size
    return [
        [array[int(i)] for i in part] if isinstance(array, list) else np.asarray(array)[part]
        for array in arrays
        for part in (order[held:], order[:held])
    ]


class _KFold:
    def __init__(self, n_splits=5, shuffle=False, random_state=None):
        self.n_splits = n_splits

    def split(self, x, y=None):
        order = np.random.default_rng(0).permutation(len(x))
        for held in np.array_split(order, self.n_splits):
            yield np.setdiff1d(order, held), held


def _accuracy(truth, guess, **kwargs):
    return float(np.mean(np.asarray(truth) == np.asarray(guess)))


def _confusion(truth, guess, **kwargs):
    size = int(max(max(truth), max(guess))) + 1
    table = np.zeros((size, size), int)
    np.add.at(table, (np.asarray(truth), np.asarray(guess)), 1)
    return table


class Frame:
    """The corner of a pandas DataFrame that picture scripts touch: columns, iloc, values, drop, sample."""

    def __init__(self, columns):
        self.columns = columns

    def __len__(self):
        return len(next(iter(self.columns.values())))

    def __getitem__(self, key):
        if isinstance(key, str):
            return self.columns[key]
        return Frame({name: values[key] for name, values in self.columns.items()})

    def __getattr__(self, name):
        if name != "columns" and name in self.columns:
            return self.columns[name]
        raise AttributeError(name)

    @property
    def values(self):
        return np.stack([np.asarray(values) for values in self.columns.values()], axis=1)

    def to_numpy(self, dtype=None):
        return self.values.astype(dtype) if dtype else self.values

    @property
    def iloc(self):
        frame = self

        class Rows:
            def __getitem__(self, key):
                row, column = key if isinstance(key, tuple) else (key, slice(None))
                names = list(frame.columns)[column]
                if isinstance(names, str):
                    return frame.columns[names][row]
                if isinstance(row, int):
                    return {name: frame.columns[name][row] for name in names}
                return Frame({name: frame.columns[name][row] for name in names})

        return Rows()

    def drop(self, labels=None, axis=None, columns=None):
        dropped = columns if columns is not None else labels
        dropped = [dropped] if isinstance(dropped, str) else dropped
        return Frame({name: values for name, values in self.columns.items() if name not in dropped})

    def reset_index(self, drop=False):
        return self


def _read_csv(path, **kwargs):
    head, *rows = [line.split(",") for line in Path(str(path).lstrip("/")).read_text().split()]
    columns = {}
    for number, name in enumerate(head):
        cells = [row[number] for row in rows]
        whole = all(cell.lstrip("-").isdigit() for cell in cells)
        columns[name] = np.array([int(cell) for cell in cells]) if whole else np.array(cells, dtype=object)
    return Frame(columns)


def _imread(path, flags=1):
    image = Image.open(str(path).lstrip("/"))
    return (
        np.asarray(image.convert("L")) if flags == 0 else np.asarray(image.convert("RGB"))[..., ::-1].copy()
    )


def _cv2_resize(image, size, **kwargs):
    return np.asarray(Image.fromarray(image).resize(size))


def _timm_model(name, pretrained=False, num_classes=1000, in_chans=3, **kwargs):
    return torch.nn.Sequential(
        torch.nn.Conv2d(in_chans, 16, 3, stride=4), torch.nn.BatchNorm2d(16), torch.nn.ReLU(),
        torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Dropout(0.2),
        torch.nn.Linear(16, num_classes),
    )  # fmt: skip


def install_packages() -> None:
    def subplots(rows=1, columns=1, **kwargs):
        axes = np.empty((rows, columns), dtype=object)
        for place in np.ndindex(axes.shape):
            axes[place] = MagicMock()
        return MagicMock(), axes[0, 0] if axes.size == 1 else axes.squeeze()

    pyplot = MagicMock()
    pyplot.subplots = subplots
    _module("matplotlib", pyplot=pyplot, use=lambda *args, **kwargs: None)
    sys.modules["matplotlib.pyplot"] = pyplot
    for name in ("seaborn", "wandb", "torchsummary", "torchinfo", "IPython", "IPython.display"):
        sys.modules[name] = MagicMock()
    tensorboard = types.ModuleType("torch.utils.tensorboard")
    tensorboard.SummaryWriter = MagicMock()
    sys.modules["torch.utils.tensorboard"] = tensorboard
    bar = {"tqdm": Bar, "trange": lambda *args, **kwargs: Bar(range(*args)), "tqdm_notebook": Bar}
    for name in ("tqdm", "tqdm.auto", "tqdm.notebook"):
        _module(name, **bar)
    _module("sklearn")
    _module(
        "sklearn.model_selection", train_test_split=_train_test_split, KFold=_KFold, StratifiedKFold=_KFold
    )
    report = lambda *args, **kwargs: "report"  # noqa: E731
    score = lambda *args, **kwargs: 0.5  # noqa: E731
    _module(
        "sklearn.metrics", accuracy_score=_accuracy, confusion_matrix=_confusion, f1_score=score,
        roc_auc_score=score, classification_report=report, precision_score=score, recall_score=score,
    )  # fmt: skip
    _module("pandas", read_csv=_read_csv, DataFrame=MagicMock(), Series=MagicMock())
    _module(
        "cv2", imread=_imread, resize=_cv2_resize, IMREAD_GRAYSCALE=0, IMREAD_COLOR=1, COLOR_BGR2RGB=4,
        INTER_AREA=3, cvtColor=lambda image, code: image[..., ::-1].copy(), INTER_LINEAR=1,
    )  # fmt: skip
    _module("timm", create_model=_timm_model)


def install() -> None:
    install_data_sets()
    install_torch_edges()
    install_packages()


def jpeg(label: int = 0, size: tuple[int, int] = (60, 80)) -> bytes:
    """Bytes of one picture, for scripts that read an upload."""
    buffer = io.BytesIO()
    picture(1, label, *size, "RGB").save(buffer, "JPEG")
    return buffer.getvalue()
