"""A tiny Lightning: enough of LightningModule, LightningDataModule and Trainer to run a corpus script.

As the real one does, fit() clears the gradients, goes backward and steps for the module, and validates
in evaluation mode without gradients.
"""

from __future__ import annotations

import inspect
import sys
import types

import torch
from torch import nn


class HParams(dict):
    __getattr__ = dict.__getitem__


class LightningModule(nn.Module):
    automatic_optimization = True
    trainer = None
    current_epoch = 0
    global_step = 0

    @property
    def device(self):
        return torch.device("cpu")

    def save_hyperparameters(self, *names, ignore=(), **kwargs):
        frame = inspect.currentframe().f_back
        local = {
            k: v
            for k, v in frame.f_locals.items()
            if k not in ("self", "__class__") and not k.startswith("_")
        }
        self.hparams = HParams({k: v for k, v in local.items() if k not in ignore})

    def log(self, name, value, **kwargs):
        self.trainer.logged.setdefault(name, []).append(float(value))

    def log_dict(self, values, **kwargs):
        for name, value in values.items():
            self.log(name, value)

    def optimizers(self):
        found = self.trainer.optimizers
        return found[0] if len(found) == 1 else found

    def lr_schedulers(self):
        found = self.trainer.schedulers
        return found[0] if len(found) == 1 else found

    def manual_backward(self, loss):
        loss.backward()

    def freeze(self):
        for parameter in self.parameters():
            parameter.requires_grad = False
        self.eval()


class LightningDataModule:
    def prepare_data(self):
        pass

    def setup(self, stage=None):
        pass

    def val_dataloader(self):
        return None

    def test_dataloader(self):
        return None

    save_hyperparameters = LightningModule.save_hyperparameters


class Trainer:
    def __init__(self, max_epochs=1, **kwargs):
        self.max_epochs, self.logged, self.optimizers, self.schedulers = min(max_epochs, 2), {}, [], []

    def _data(self, model, loaders, datamodule, kind):
        if isinstance(loaders, LightningDataModule):
            datamodule, loaders = loaders, None
        if datamodule is not None:
            datamodule.prepare_data()
            datamodule.setup("fit" if kind != "test" else "test")
            return getattr(datamodule, f"{kind}_dataloader")()
        if loaders is not None:
            return loaders
        made = getattr(model, f"{kind}_dataloader", None)
        return made() if made else None

    def _configure(self, model):
        made = model.configure_optimizers()
        schedulers = []
        if isinstance(made, dict):
            schedulers = [made["lr_scheduler"]] if "lr_scheduler" in made else []
            made = [made["optimizer"]]
        elif isinstance(made, tuple) and len(made) == 2 and isinstance(made[0], list):
            made, schedulers = made
        self.optimizers = list(made) if isinstance(made, (list, tuple)) else [made]
        self.schedulers = [s["scheduler"] if isinstance(s, dict) else s for s in schedulers]
        self.interval = {s["interval"] for s in schedulers if isinstance(s, dict) and "interval" in s}

    def fit(self, model, train_dataloaders=None, val_dataloaders=None, datamodule=None, **kwargs):
        model.trainer = self
        train = self._data(model, train_dataloaders, datamodule, "train")
        source = datamodule or (
            train_dataloaders if isinstance(train_dataloaders, LightningDataModule) else None
        )
        val = self._data(model, val_dataloaders, source, "val")
        self._configure(model)
        self._loop(model, "validation", val)
        for model.current_epoch in range(self.max_epochs):
            model.train()
            self._train_epoch(model, train)
            self._hook(model, "on_train_epoch_end")
            self._loop(model, "validation", val)
            if "step" not in self.interval:
                self._step_schedulers()

    def _step_schedulers(self):
        for scheduler in self.schedulers:
            if isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau):
                scheduler.step(1.0)
            else:
                scheduler.step()

    def _train_epoch(self, model, loader):
        for number, batch in enumerate(loader):
            if not model.automatic_optimization:
                model.training_step(batch, number)
                continue
            made = model.training_step(batch, number)
            loss = made["loss"] if isinstance(made, dict) else made
            for optimizer in self.optimizers:
                optimizer.zero_grad()
            loss.backward()
            for optimizer in self.optimizers:
                optimizer.step()
            model.global_step += 1
            if "step" in self.interval:
                self._step_schedulers()

    def _hook(self, model, name):
        if hasattr(model, name):
            getattr(model, name)()

    def _loop(self, model, kind, loader):
        step = getattr(model, f"{kind}_step", None)
        if loader is None or step is None:
            return []
        model.eval()
        with torch.no_grad():
            out = [step(batch, number) for number, batch in enumerate(loader)]
        self._hook(model, f"on_{kind}_epoch_end")
        return out

    def validate(self, model, dataloaders=None, datamodule=None, **kwargs):
        model.trainer = self
        return self._loop(model, "validation", self._data(model, dataloaders, datamodule, "val"))

    def test(self, model=None, dataloaders=None, datamodule=None, **kwargs):
        model.trainer = self
        return self._loop(model, "test", self._data(model, dataloaders, datamodule, "test"))

    def predict(self, model=None, dataloaders=None, datamodule=None, **kwargs):
        model.trainer = self
        return self._loop(model, "predict", self._data(model, dataloaders, datamodule, "predict"))


class Accuracy(nn.Module):
    """torchmetrics.Accuracy: the share of right answers since the last reset."""

    def __init__(self, task="multiclass", num_classes=None, **kwargs):
        super().__init__()
        self.reset()

    def reset(self):
        self.right = self.seen = 0

    def update(self, guess, truth):
        guess = guess.argmax(dim=1) if guess.dim() > truth.dim() else guess
        self.right += int((guess == truth).sum())
        self.seen += truth.numel()

    def compute(self):
        return torch.tensor(self.right / max(1, self.seen))

    def forward(self, guess, truth):
        self.update(guess, truth)
        return self.compute()


def install() -> None:
    callbacks = types.ModuleType("callbacks")
    for name in ("ModelCheckpoint", "EarlyStopping", "LearningRateMonitor", "TQDMProgressBar"):
        setattr(callbacks, name, type(name, (), {"__init__": lambda self, *args, **kwargs: None}))
    members = {
        "LightningModule": LightningModule, "LightningDataModule": LightningDataModule, "Trainer": Trainer,
        "Callback": object, "callbacks": callbacks,
        "seed_everything": lambda seed=0, **kwargs: torch.manual_seed(seed),
    }  # fmt: skip
    for name in ("pytorch_lightning", "lightning", "lightning.pytorch"):
        module = sys.modules[name] = types.ModuleType(name)
        module.__dict__.update(members)
        sys.modules[f"{name}.callbacks"] = callbacks
    sys.modules["lightning"].pytorch = sys.modules["lightning.pytorch"]
    metrics = sys.modules["torchmetrics"] = types.ModuleType("torchmetrics")
    metrics.Accuracy = Accuracy
    metrics.functional = types.ModuleType("torchmetrics.functional")
    metrics.functional.accuracy = lambda guess, truth, **kwargs: (guess.argmax(1) == truth).float().mean()
    sys.modules["torchmetrics.functional"] = metrics.functional
