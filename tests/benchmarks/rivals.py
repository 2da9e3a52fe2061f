"""The same training as other libraries do it: fastai, Lightning, and Keras on PyTorch, each as its own
documentation shows. They are not among the project's own requirements:

    pip install fastai lightning keras
    python -m tests.benchmarks.train_speed CIFAR10_FOLDER PHOTOS_FOLDER --rivals fastai lightning keras
"""

import itertools
import os
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset
from torchvision import datasets, transforms

from tests.benchmarks.jobs import Job, Speed

_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_WORKERS = os.cpu_count() or 1


def with_fastai(job: Job, epochs: int) -> Speed:
    """`Learner.fit`: pictures resized one by one, flips and normalisation on whole batches."""
    from fastai.vision.all import (
        Callback,
        CrossEntropyLossFlat,
        Flip,
        ImageDataLoaders,
        Learner,
        Normalize,
        Resize,
        accuracy,
    )

    seconds: list[float] = []

    class Watch(Callback):  # type: ignore[misc]
        def before_epoch(self) -> None:
            self.started = time.perf_counter()

        def after_epoch(self) -> None:
            seconds.append(time.perf_counter() - self.started)

    began = time.perf_counter()
    loaders = ImageDataLoaders.from_folder(
        job.folder,
        train="train",
        valid="val",
        bs=job.batch,
        num_workers=_WORKERS,
        item_tfms=Resize(job.size),
        batch_tfms=[Flip(), Normalize.from_stats(_MEAN, _STD)],
    )
    learner = Learner(loaders, job.build(), loss_func=CrossEntropyLossFlat(), metrics=accuracy, cbs=Watch())
    before = time.perf_counter() - began
    with learner.no_bar(), learner.no_logging():
        learner.fit(epochs, 1e-3)
    return _speed(len(loaders.train_ds), [seconds[0] + before, *seconds[1:]])


def with_lightning(job: Job, epochs: int) -> Speed:
    """`Trainer.fit` of a LightningModule with torchvision's transforms."""
    import lightning

    class Module(lightning.LightningModule):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.network = job.build()

        def training_step(self, batch: tuple[Tensor, Tensor]) -> Tensor:
            images, labels = batch
            return F.cross_entropy(self.network(images), labels)

        def validation_step(self, batch: tuple[Tensor, Tensor]) -> None:
            images, labels = batch
            self.log("accuracy", (self.network(images).argmax(1) == labels).float().mean())

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.AdamW(self.parameters(), lr=1e-3)

    class Watch(lightning.Callback):  # type: ignore[misc]
        def __init__(self) -> None:
            self.ended: list[float] = []

        def on_train_epoch_end(self, *_: object) -> None:  # validation of the epoch lies before it
            self.ended.append(time.perf_counter())

    began = time.perf_counter()
    learn, judge = _folders(job)
    watch = Watch()
    trainer = lightning.Trainer(
        accelerator="cpu",
        max_epochs=epochs,
        callbacks=[watch],
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
    )
    trainer.fit(Module(), _loader(learn, job, True), _loader(judge, job, False))
    ends = [began, *watch.ended]
    return _speed(len(learn), [after - before for before, after in itertools.pairwise(ends)])


def with_keras(job: Job, epochs: int) -> Speed:
    """`Model.fit` of Keras' own layers on PyTorch; for the network of the lesson alone."""
    os.environ["KERAS_BACKEND"] = "torch"
    import keras

    keras.config.set_image_data_format("channels_last")
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((job.size, job.size, 3)),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.AdamW(1e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )

    class Watch(keras.callbacks.Callback):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.ended: list[float] = []

        def on_epoch_end(self, *_: object) -> None:
            self.ended.append(time.perf_counter())

    began = time.perf_counter()
    learn, judge = _folders(job, transforms.Lambda(_channels_last))
    watch = Watch()
    model.fit(
        _loader(learn, job, True),
        validation_data=_loader(judge, job, False),
        epochs=epochs,
        verbose=0,
        callbacks=[watch],
    )
    ends = [began, *watch.ended]
    return _speed(len(learn), [after - before for before, after in itertools.pairwise(ends)])


RIVALS: dict[str, Callable[[Job, int], Speed]] = {
    "fastai": with_fastai,
    "lightning": with_lightning,
    "keras": with_keras,
}


def _channels_last(image: Tensor) -> Tensor:
    return image.permute(1, 2, 0)


def _folders(job: Job, *more: nn.Module | transforms.Lambda) -> tuple[datasets.ImageFolder, Any]:
    ready = [transforms.ToTensor(), transforms.Normalize(_MEAN, _STD), *more]
    small = [transforms.Resize((job.resize, job.resize))] if job.resize != job.size else []
    moved = transforms.RandomCrop(job.size, padding=4 if job.size == 32 else None)
    flipped = transforms.RandomHorizontalFlip()
    learn = transforms.Compose([*small, moved, flipped, *ready])
    judge = transforms.Compose([*small, transforms.CenterCrop(job.size), *ready])
    return datasets.ImageFolder(job.folder / "train", learn), datasets.ImageFolder(job.folder / "val", judge)


def _loader(data: Dataset[Any], job: Job, shuffle: bool) -> DataLoader[Any]:
    return DataLoader(data, job.batch, shuffle=shuffle, num_workers=_WORKERS, persistent_workers=True)


def _speed(count: int, seconds: list[float]) -> Speed:
    return Speed(count / seconds[0], count * (len(seconds) - 1) / sum(seconds[1:]))
