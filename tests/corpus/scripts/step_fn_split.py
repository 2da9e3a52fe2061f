from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


@dataclass(frozen=True)
class HP:
    seed: int = 1234
    lr: float = 3e-4
    wd: float = 1e-2
    bs: int = 256
    max_epochs: int = 12


def seed_all(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


class Stem(nn.Module):
    def __init__(self, out: int):
        super().__init__()
        self.conv = nn.Conv2d(1, out, 5, stride=2, padding=2)
        self.norm = nn.GroupNorm(8, out)

    def forward(self, x: Tensor) -> Tensor:
        return F.gelu(self.norm(self.conv(x)))


class GlyphClassifier(nn.Module):
    def __init__(self, classes: int):
        super().__init__()
        self.stem = Stem(32)
        self.mid = nn.Conv2d(32, 64, 3, stride=2, padding=1)
        self.norm = nn.GroupNorm(8, 64)
        self.head = nn.Linear(64, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = F.gelu(self.norm(self.mid(self.stem(x))))
        return self.head(x.mean((-2, -1)))


def compute_loss(model: nn.Module, batch: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    x, y = batch
    logits = model(x)
    return F.cross_entropy(logits, y), (logits.argmax(-1) == y).float().mean()


def optimise(loss: Tensor, optimizer: torch.optim.Optimizer, model: nn.Module) -> None:
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 100.0)
    optimizer.step()


def train_epoch(model, loader, optimizer):
    model.train()
    stats = []
    for batch in loader:
        loss, acc = compute_loss(model, batch)
        optimise(loss, optimizer, model)
        stats.append((loss.item(), acc.item()))
    return np.mean(stats, axis=0)


@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    stats = [tuple(v.item() for v in compute_loss(model, batch)) for batch in loader]
    return np.mean(stats, axis=0)


def main() -> None:
    hp = HP()
    seed_all(hp.seed)
    tf = transforms.ToTensor()
    train = DataLoader(datasets.EMNIST("emnist", "balanced", train=True, transform=tf, download=True), hp.bs, shuffle=True)
    test = DataLoader(datasets.EMNIST("emnist", "balanced", train=False, transform=tf, download=True), hp.bs)
    model = GlyphClassifier(47)
    opt = torch.optim.AdamW(model.parameters(), lr=hp.lr, weight_decay=hp.wd)
    for epoch in range(hp.max_epochs):
        tl, ta = train_epoch(model, train, opt)
        vl, va = evaluate(model, test)
        print(f"{epoch=} {tl=:.3f} {ta=:.3f} {vl=:.3f} {va=:.3f}")


if __name__ == "__main__":
    main()
