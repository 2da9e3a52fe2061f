"""Records the trainings that the run rules are tested on: real runs of the engine, small, as JSON.

    python -m tests.unit.checker.runs.record CIFAR10_FOLDER HYMENOPTERA_FOLDER MOBILENET_V2_WEIGHTS [NAME ...]

The two folders hold train/<class>/*.jpg. Each run becomes NAME.json beside this file. Healthy ones are what a
person would do and be content with; faulty ones carry the rule that should speak.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from cnngui.cancel import Cancel
from cnngui.data.samples import draw
from cnngui.engine import step
from cnngui.engine.models.registry import ModelCard, register
from cnngui.engine.models.simple_cnn import SimpleCNN
from cnngui.engine.recipe import Recipe
from cnngui.engine.spec import ImageSpec, TrainConfig
from cnngui.engine.train import train
from tests.pictures import make_pictures, scanned
from tests.unit.checker.runs.replay import HERE, save

CIFAR, HYMENOPTERA, WEIGHTS = Path(), Path(), ""
ANIMALS = ("bird", "cat", "deer", "dog", "frog", "horse")
ALL = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


# --- networks ----------------------------------------------------------------------------------------


def _card(name: str) -> ModelCard:
    spec = ImageSpec(32, 32)
    return ModelCard(
        name=name, title=name, summary=name, spec=spec, parameters=0, learning_rate=3e-3, weight_decay=0.02
    )


def _block(inputs: int, outputs: int, activation: type[nn.Module], norm: bool) -> list[nn.Module]:
    middle: list[nn.Module] = [nn.BatchNorm2d(outputs)] if norm else []
    return [nn.Conv2d(inputs, outputs, 3, padding=1), *middle, activation()]


def _stack(
    activation: type[nn.Module], depth: int, norm: bool, classes: int, dropout: float = 0.0
) -> nn.Sequential:
    layers: list[nn.Module] = [*_block(3, 16, activation, norm), nn.MaxPool2d(2)]
    for _ in range(depth):
        layers += _block(16, 16, activation, norm)
    pooled = [nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(dropout)]
    return nn.Sequential(*layers, *pooled, nn.Linear(1024, classes))


@register(_card("dropout"))
def _dropout(classes: int) -> nn.Module:
    return _stack(nn.ReLU, 1, norm=True, classes=classes, dropout=0.5)


@register(_card("tanh"))
def _tanh(classes: int) -> nn.Module:
    return _stack(nn.Tanh, 1, norm=False, classes=classes)


@register(_card("perceptron"))
def _perceptron(classes: int) -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(3072, 128), nn.ReLU(), nn.Linear(128, classes))


@register(_card("deep_sigmoid"))
def _deep_sigmoid(classes: int) -> nn.Module:
    return _stack(nn.Sigmoid, 8, norm=False, classes=classes)


@register(_card("dead"))
def _dead(classes: int) -> nn.Module:
    network = SimpleCNN(classes)
    assert network.conv2.bias is not None
    nn.init.constant_(network.conv2.bias, -20.0)
    return network


@register(_card("dead_fc"))
def _dead_fc(classes: int) -> nn.Module:
    network = SimpleCNN(classes)
    nn.init.constant_(network.fc1.bias, -20.0)
    return network


class _Evaluated(nn.Sequential):
    def train(self, mode: bool = True) -> "_Evaluated":
        super().train(False)
        return self


@register(_card("evaluated"))
def _evaluated(classes: int) -> nn.Module:
    return _Evaluated(*_stack(nn.ReLU, 1, norm=True, classes=classes, dropout=0.5))


class _Detached(SimpleCNN):
    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            x = self.pool(self.relu(self.conv1(x)))
            x = self.pool(self.relu(self.conv2(x)))
        out: Tensor = self.fc2(self.relu(self.fc1(torch.flatten(x, 1))))
        return out


@register(_card("detached"))
def _detached(classes: int) -> nn.Module:
    return _Detached(classes)


class _Scaled(SimpleCNN):
    """Logits a thousand times too large: the gradients are, too."""

    def forward(self, x: Tensor) -> Tensor:
        return 3000 * super().forward(x)


@register(_card("scaled"))
def _scaled(classes: int) -> nn.Module:
    return _Scaled(classes)


class _NoOptimizer(torch.optim.AdamW):
    """An optimiser that was given the wrong parameters: a step changes nothing."""

    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        return None


def _no_optimizer(network: nn.Module, recipe: Recipe) -> _NoOptimizer:
    every = {"params": list(network.parameters()), "scale": 1.0, "begin": 0.0}
    return _NoOptimizer([every], lr=recipe.learning_rate)


# --- pictures ----------------------------------------------------------------------------------------


def cifar(root: Path, per_class: int, classes: tuple[str, ...] = ALL) -> None:
    for name in classes:
        (root / name).mkdir(parents=True)
        for path in sorted((CIFAR / "train" / name).iterdir())[:per_class]:
            shutil.copy(path, root / name)


def unequal(root: Path) -> None:
    cifar(root, 40, ("dog", "truck"))
    cifar(root, 360, ("ship",))


def ants(root: Path) -> None:
    shutil.copytree(HYMENOPTERA, root, dirs_exist_ok=True)


def shapes(root: Path, per_class: int = 60) -> None:
    for _ in draw("shapes", root, Cancel()):
        pass
    for folder in root.iterdir():
        for path in sorted(folder.iterdir())[per_class:] if folder.is_dir() else ():
            path.unlink()


def gratings(root: Path, per_class: int, classes: int = 8, noise: float = 60.0) -> None:
    """Stripes of as many directions as classes, in noise."""
    random = np.random.default_rng(0)
    y, x = np.mgrid[:32, :32]
    for label in range(classes):
        angle = np.pi * label / classes
        (root / f"direction_{label}").mkdir(parents=True)
        for number in range(per_class):
            wave = np.sin(0.7 * (np.cos(angle) * x + np.sin(angle) * y) + random.uniform(0, 7))
            pixels = 128 + 60 * wave[..., None] + random.normal(0, noise, (32, 32, 3))
            image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
            image.save(root / f"direction_{label}" / f"{number:03}.png")


def shuffled(root: Path, per_class: int, classes: tuple[str, ...] = ALL) -> None:
    """Photographs under labels that were drawn by lot."""
    random = np.random.default_rng(0)
    paths = [path for name in classes for path in sorted((CIFAR / "train" / name).iterdir())[:per_class]]
    for number, place in enumerate(random.permutation(len(paths))):
        folder = root / classes[number % len(classes)]
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(paths[place], folder / f"{number:04}.jpg")


def noise(root: Path, per_class: int = 60, classes: int = 4) -> None:
    gratings(root, per_class, classes=1)
    folder = root / "direction_0"
    random = np.random.default_rng(1)
    for label in range(classes):
        (root / f"noise_{label}").mkdir()
        for number in range(per_class):
            pixels = random.integers(0, 256, (32, 32, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(root / f"noise_{label}" / f"{number:03}.png")
    shutil.rmtree(folder)


# --- runs --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    pictures: Callable[[Path], Any]
    config: dict[str, Any] = field(default_factory=dict)
    expect: str = ""  # the rule that should speak; nothing for a healthy run
    patch: dict[str, Any] = field(default_factory=dict)  # of the module of steps


HEALTHY = {
    "cifar10_simple": Case(lambda root: cifar(root, 100), {"epochs": 16}),
    "cifar10_resnet": Case(lambda root: cifar(root, 60), {"model": "resnet_small", "epochs": 8}),
    "cifar10_short": Case(lambda root: cifar(root, 60), {"epochs": 2}),
    "cifar10_one_epoch": Case(lambda root: cifar(root, 60), {"epochs": 1}),
    "cifar10_slow_rate": Case(lambda root: cifar(root, 80), {"epochs": 14, "learning_rate": 3e-4}),
    "cifar10_fast_rate": Case(lambda root: cifar(root, 80), {"epochs": 14, "learning_rate": 8e-3}),
    "cifar10_small_batch": Case(lambda root: cifar(root, 40), {"epochs": 10, "batch_size": 8}),
    "cifar10_large_batch": Case(lambda root: cifar(root, 100), {"epochs": 14, "batch_size": 256}),
    "cifar10_plain_labels": Case(lambda root: cifar(root, 80), {"epochs": 12, "label_smoothing": 0.0}),
    "cifar10_dropout": Case(lambda root: cifar(root, 80), {"model": "dropout", "epochs": 12}),
    "cifar10_tanh": Case(lambda root: cifar(root, 80), {"model": "tanh", "epochs": 12}),
    "cifar10_perceptron": Case(lambda root: cifar(root, 80), {"model": "perceptron", "epochs": 12}),
    "cifar10_seed": Case(lambda root: cifar(root, 70), {"epochs": 14, "seed": 3}),
    "two_classes": Case(lambda root: cifar(root, 120, ("airplane", "frog")), {"epochs": 16}),
    "vehicles": Case(
        lambda root: cifar(root, 90, ("airplane", "automobile", "ship", "truck")), {"epochs": 16}
    ),
    "unequal_classes": Case(unequal, {"epochs": 16}),
    "few_validation": Case(
        lambda root: cifar(root, 60, ("airplane", "frog", "truck")), {"epochs": 16, "val_fraction": 0.06}
    ),
    "no_validation": Case(
        lambda root: cifar(root, 60, ("airplane", "frog", "truck")), {"epochs": 12, "val_fraction": 0.0}
    ),
    "ants_simple": Case(ants, {"epochs": 14}),
    "ants_resnet": Case(ants, {"model": "resnet_small", "epochs": 6}),
    "ants_best": Case(ants, {"model": "mobilenet_v2", "method": "best"}),
    "cifar10_best": Case(
        lambda root: cifar(root, 60), {"model": "mobilenet_v2", "method": "best", "size": 96, "epochs": 12}
    ),
    "shapes_simple": Case(shapes, {"epochs": 20}),
    "shapes_resnet": Case(lambda root: shapes(root, 40), {"model": "resnet_small", "epochs": 10}),
    "colours": Case(make_pictures, {"epochs": 30}),
    "colours_long": Case(lambda root: make_pictures(root, 40), {"epochs": 70}),
    "gratings": Case(lambda root: gratings(root, 50), {"epochs": 16}),
    "gratings_many": Case(lambda root: gratings(root, 20, 24, 30), {"epochs": 24}),
    "gratings_no_augment": Case(lambda root: gratings(root, 60, 4), {"epochs": 16, "augment": False}),
}

FAULTY = {
    "rate_too_high_simple": Case(
        lambda root: cifar(root, 80), {"epochs": 12, "learning_rate": 0.3}, "lr-too-high"
    ),
    "rate_too_high_resnet": Case(
        lambda root: cifar(root, 40),
        {"model": "resnet_small", "epochs": 6, "learning_rate": 3.0},
        "lr-too-high",
    ),
    "rate_too_high_shapes": Case(shapes, {"epochs": 16, "learning_rate": 0.3}, "lr-too-high"),
    "rate_too_low_simple": Case(
        lambda root: cifar(root, 80), {"epochs": 12, "learning_rate": 1e-7}, "lr-too-low"
    ),
    "rate_too_low_resnet": Case(
        lambda root: cifar(root, 40),
        {"model": "resnet_small", "epochs": 5, "learning_rate": 1e-7},
        "lr-too-low",
    ),
    "labels_shuffled": Case(lambda root: shuffled(root, 100), {"epochs": 14}, "not-learning"),
    "labels_shuffled_few": Case(
        lambda root: shuffled(root, 120, ("cat", "ship", "truck")), {"epochs": 20}, "not-learning"
    ),
    "pictures_of_noise": Case(noise, {"epochs": 20}, "not-learning"),
    "overfitted": Case(
        lambda root: cifar(root, 24), {"epochs": 60, "augment": False, "label_smoothing": 0.0}, "overfitting"
    ),
    "overfitted_animals": Case(
        lambda root: cifar(root, 50, ANIMALS),
        {"epochs": 50, "augment": False, "label_smoothing": 0.0, "weight_decay": 0.0},
        "overfitting",
    ),
    "frozen": Case(
        lambda root: cifar(root, 60),
        {"epochs": 6},
        "parameters-unchanged",
        {"optimizer": _no_optimizer},
    ),
    "eval_mode": Case(
        lambda root: cifar(root, 40), {"model": "evaluated", "epochs": 6}, "training-in-eval-mode"
    ),
    "no_gradient": Case(lambda root: cifar(root, 40), {"model": "detached", "epochs": 6}, "empty-gradients"),
    "dead_conv": Case(lambda root: cifar(root, 80), {"model": "dead", "epochs": 10}, "dead-activations"),
    "dead_fc": Case(lambda root: cifar(root, 80), {"model": "dead_fc", "epochs": 10}, "dead-activations"),
    "vanishing": Case(
        lambda root: cifar(root, 60), {"model": "deep_sigmoid", "epochs": 8}, "vanishing-gradients"
    ),
    "exploding": Case(lambda root: cifar(root, 60), {"model": "scaled", "epochs": 8}, "exploding-gradients"),
    "not_a_number": Case(
        lambda root: cifar(root, 40), {"epochs": 6, "learning_rate": 1e18}, "loss-not-finite"
    ),
}


def record(name: str, case: Case) -> None:
    """Train and save what it said."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "pictures"
        case.pictures(root)
        (Path(folder) / "run").mkdir()
        kept = {key: getattr(step, key) for key in case.patch}
        try:
            for key, value in case.patch.items():
                setattr(step, key, value)
            weights = WEIGHTS if case.config.get("method") == "best" else None
            config = TrainConfig(device="cpu", precision="float32", weights=weights, **case.config)
            events = list(train(scanned(root), config, Path(folder) / "run", Cancel()))
        finally:
            for key, value in kept.items():
                setattr(step, key, value)
    save(HERE / f"{name}.json", events, case.expect)


def main() -> None:
    global CIFAR, HYMENOPTERA, WEIGHTS
    CIFAR, HYMENOPTERA, WEIGHTS = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    for name, case in {**HEALTHY, **FAULTY}.items():
        if not sys.argv[4:] or name in sys.argv[4:]:
            print(name, flush=True)
            record(name, case)


if __name__ == "__main__":
    main()
