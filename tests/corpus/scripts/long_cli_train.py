#!/usr/bin/env python3
"""Train a classifier for concrete damage.

Folder layout:   DATA/{train,val}/<damage>/*.jpg
Example:         python train.py --data ./data --arch wide --epochs 40
A run can be interrupted with Ctrl+C; start it again with --resume to go on.
"""
import argparse
import json
import logging
import random
import sys
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

log = logging.getLogger("train")

CHANNEL_MEAN = (0.5312, 0.5236, 0.5101)
CHANNEL_STD = (0.1187, 0.1171, 0.1168)


@dataclass
class Config:
    data: str = "data"
    out: str = "runs/latest"
    arch: str = "plain"
    size: int = 112
    batch: int = 32
    epochs: int = 40
    lr: float = 2e-3
    weight_decay: float = 1e-4
    dropout: float = 0.25
    workers: int = 0
    seed: int = 17
    resume: bool = False

    @classmethod
    def from_args(cls, argv=None) -> "Config":
        parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
        for f in fields(cls):
            flag = "--" + f.name.replace("_", "-")
            if f.type in (bool, "bool"):
                parser.add_argument(flag, action="store_true")
            else:
                parser.add_argument(flag, type=type(f.default), default=f.default)
        return cls(**vars(parser.parse_args(argv)))


def seed_everything(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def build_transforms(cfg: Config):
    train = transforms.Compose([
        transforms.RandomResizedCrop(cfg.size, scale=(0.6, 1.0), ratio=(0.9, 1.1)),
        transforms.RandomHorizontalFlip(),
        transforms.RandomVerticalFlip(),
        transforms.ColorJitter(brightness=0.15, contrast=0.15),
        transforms.ToTensor(),
        transforms.Normalize(CHANNEL_MEAN, CHANNEL_STD),
    ])
    val = transforms.Compose([
        transforms.Resize((cfg.size, cfg.size)),
        transforms.ToTensor(),
        transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ])
    return train, val


class ConvUnit(nn.Module):
    def __init__(self, c_in: int, c_out: int, stride: int = 1):
        super().__init__()
        self.conv = nn.Conv2d(c_in, c_out, 3, stride=stride, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(c_out)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)), inplace=True)


class DamageNet(nn.Module):
    WIDTHS = {"plain": (24, 48, 96), "wide": (48, 96, 192)}

    def __init__(self, arch: str, n_classes: int, dropout: float):
        super().__init__()
        w1, w2, w3 = self.WIDTHS[arch]
        self.stem = ConvUnit(3, w1, stride=2)
        self.stage1 = nn.Sequential(ConvUnit(w1, w1), ConvUnit(w1, w2, stride=2))
        self.stage2 = nn.Sequential(ConvUnit(w2, w2), ConvUnit(w2, w3, stride=2))
        self.drop = nn.Dropout(dropout)
        self.fc = nn.Linear(w3, n_classes)

    def forward(self, x):
        x = self.stage2(self.stage1(self.stem(x)))
        x = F.adaptive_avg_pool2d(x, 1).flatten(1)
        return self.fc(self.drop(x))


class Meter:
    """Running mean of a number."""

    def __init__(self):
        self.total, self.count = 0.0, 0

    def add(self, value: float, n: int = 1) -> None:
        self.total += value * n
        self.count += n

    @property
    def mean(self) -> float:
        return self.total / max(1, self.count)


class Run:
    def __init__(self, cfg: Config):
        self.cfg = cfg
        self.out = Path(cfg.out)
        self.out.mkdir(parents=True, exist_ok=True)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        train_tf, val_tf = build_transforms(cfg)
        self.train_set = datasets.ImageFolder(Path(cfg.data) / "train", train_tf)
        self.val_set = datasets.ImageFolder(Path(cfg.data) / "val", val_tf)
        self.train_loader = DataLoader(self.train_set, cfg.batch, shuffle=True, num_workers=cfg.workers)
        self.val_loader = DataLoader(self.val_set, cfg.batch, num_workers=cfg.workers)
        self.model = DamageNet(cfg.arch, len(self.train_set.classes), cfg.dropout).to(self.device)
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=cfg.lr, weight_decay=cfg.weight_decay)
        self.scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, T_max=cfg.epochs)
        self.epoch, self.best = 0, 0.0
        if cfg.resume and (self.out / "last.pt").exists():
            self.load()

    def load(self) -> None:
        state = torch.load(self.out / "last.pt", map_location=self.device)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.scheduler.load_state_dict(state["scheduler"])
        self.epoch, self.best = state["epoch"] + 1, state["best"]
        log.info("going on at epoch %d, best so far %.3f", self.epoch, self.best)

    def save(self, name: str) -> None:
        torch.save({
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict(),
            "epoch": self.epoch,
            "best": self.best,
            "classes": self.train_set.classes,
        }, self.out / name)

    def train_epoch(self) -> dict:
        self.model.train()
        loss_m, acc_m = Meter(), Meter()
        for images, labels in self.train_loader:
            images, labels = images.to(self.device), labels.to(self.device)
            self.optimizer.zero_grad(set_to_none=True)
            logits = self.model(images)
            loss = self.criterion(logits, labels)
            loss.backward()
            nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
            self.optimizer.step()
            loss_m.add(loss.item(), len(labels))
            acc_m.add((logits.argmax(1) == labels).float().mean().item(), len(labels))
        self.scheduler.step()
        return {"loss": loss_m.mean, "acc": acc_m.mean}

    def validate(self) -> dict:
        self.model.eval()
        loss_m, acc_m = Meter(), Meter()
        for images, labels in self.val_loader:
            images, labels = images.to(self.device), labels.to(self.device)
            logits = self.model(images)
            loss_m.add(self.criterion(logits, labels).item(), len(labels))
            acc_m.add((logits.argmax(1) == labels).float().mean().item(), len(labels))
        return {"loss": loss_m.mean, "acc": acc_m.mean}

    def go(self) -> None:
        history = (self.out / "history.jsonl").open("a")
        for epoch in range(self.epoch, self.cfg.epochs):
            self.epoch, t0 = epoch, time.perf_counter()
            train, val = self.train_epoch(), self.validate()
            seconds = time.perf_counter() - t0
            log.info("%3d  train %.4f/%.3f  val %.4f/%.3f  %.1f s", epoch, train["loss"], train["acc"], val["loss"], val["acc"], seconds)
            history.write(json.dumps({"epoch": epoch, "train": train, "val": val}) + "\n")
            history.flush()
            if val["acc"] > self.best:
                self.best = val["acc"]
                self.save("best.pt")
            self.save("last.pt")
        history.close()


def main(argv=None) -> int:
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    cfg = Config.from_args(argv)
    seed_everything(cfg.seed)
    log.info(json.dumps(asdict(cfg)))
    run = Run(cfg)
    try:
        run.go()
    except KeyboardInterrupt:
        run.save("last.pt")
        log.info("stopped after epoch %d", run.epoch)
    return 0


if __name__ == "__main__":
    raise SystemExit(main([]))
