"""
Small-image training recipe
===========================
CIFAR-100, 32x32, a residual network with optional squeeze-excitation.

    python recipe.py --block basic --se --epochs 100
    python recipe.py --block bottleneck --width 24

What the flags mean is said next to them in parse().
"""
from __future__ import annotations

import argparse
import contextlib
import copy
import math
import time
from pathlib import Path
from typing import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision.transforms import v2

STATS = dict(mean=(0.5071, 0.4866, 0.4409), std=(0.2673, 0.2564, 0.2762))
BLOCKS: dict[str, type[nn.Module]] = {}


def register(name: str) -> Callable[[type[nn.Module]], type[nn.Module]]:
    def add(cls: type[nn.Module]) -> type[nn.Module]:
        if name in BLOCKS:
            raise KeyError(f"block {name} registered twice")
        BLOCKS[name] = cls
        return cls
    return add


# ------------------------------------------------------------------------------------------- network

def conv_bn(c_in: int, c_out: int, k: int = 3, stride: int = 1, groups: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, k, stride=stride, padding=k // 2, groups=groups, bias=False),
        nn.BatchNorm2d(c_out),
    )


class SqueezeExcite(nn.Module):
    def __init__(self, c: int, ratio: float = 0.25):
        super().__init__()
        mid = max(8, int(c * ratio))
        self.down, self.up = nn.Conv2d(c, mid, 1), nn.Conv2d(mid, c, 1)

    def forward(self, x: Tensor) -> Tensor:
        gate = F.adaptive_avg_pool2d(x, 1)
        gate = torch.sigmoid(self.up(F.silu(self.down(gate))))
        return x * gate


@register("basic")
class Basic(nn.Module):
    expansion = 1

    def __init__(self, c_in: int, c: int, stride: int, se: bool):
        super().__init__()
        self.a = conv_bn(c_in, c, stride=stride)
        self.b = conv_bn(c, c)
        self.se = SqueezeExcite(c) if se else nn.Identity()
        same = stride == 1 and c_in == c
        self.short = nn.Identity() if same else conv_bn(c_in, c, k=1, stride=stride)

    def forward(self, x: Tensor) -> Tensor:
        return F.silu(self.se(self.b(F.silu(self.a(x)))) + self.short(x))


@register("bottleneck")
class Bottleneck(nn.Module):
    expansion = 2

    def __init__(self, c_in: int, c: int, stride: int, se: bool):
        super().__init__()
        out = c * self.expansion
        self.a = conv_bn(c_in, c, k=1)
        self.b = conv_bn(c, c, stride=stride, groups=4)
        self.c = conv_bn(c, out, k=1)
        self.se = SqueezeExcite(out) if se else nn.Identity()
        same = stride == 1 and c_in == out
        self.short = nn.Identity() if same else conv_bn(c_in, out, k=1, stride=stride)

    def forward(self, x: Tensor) -> Tensor:
        y = F.silu(self.a(x))
        y = F.silu(self.b(y))
        return F.silu(self.se(self.c(y)) + self.short(x))


class ResNet(nn.Module):
    def __init__(self, block: str, depths: tuple[int, ...], width: int, se: bool, n_classes: int, dropout: float):
        super().__init__()
        make = BLOCKS[block]
        self.stem = conv_bn(3, width)
        stages: list[nn.Module] = []
        c_in = width
        for i, depth in enumerate(depths):
            c = width * 2 ** i
            for j in range(depth):
                stages.append(make(c_in, c, stride=2 if i and not j else 1, se=se))
                c_in = c * make.expansion
        self.stages = nn.Sequential(*stages)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(c_in, n_classes)
        self.apply(self._init)

    @staticmethod
    def _init(m: nn.Module) -> None:
        if isinstance(m, nn.Conv2d):
            nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:
        x = F.silu(self.stem(x))
        x = self.stages(x).mean(dim=(-2, -1))
        return self.fc(self.dropout(x))


# ---------------------------------------------------------------------------------------------- data

def loaders(root: str, batch: int, workers: int) -> tuple[DataLoader, DataLoader]:
    tail = [v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize(**STATS)]
    train_tf = v2.Compose([v2.RandomCrop(32, padding=4, padding_mode="reflect"), v2.RandomHorizontalFlip(), *tail])
    test_tf = v2.Compose(tail)
    train = datasets.CIFAR100(root, train=True, transform=train_tf, download=True)
    test = datasets.CIFAR100(root, train=False, transform=test_tf, download=True)
    common = dict(num_workers=workers, pin_memory=torch.cuda.is_available())
    return (DataLoader(train, batch, shuffle=True, drop_last=True, **common),
            DataLoader(test, 2 * batch, shuffle=False, **common))


# ------------------------------------------------------------------------------------------ training

class Ema:
    """Exponential moving average of the weights; evaluate `self.model`."""

    def __init__(self, model: nn.Module, decay: float):
        self.model = copy.deepcopy(model).eval()
        self.model.requires_grad_(False)
        self.decay, self.steps = decay, 0

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        self.steps += 1
        d = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for mine, theirs in zip(self.model.state_dict().values(), model.state_dict().values()):
            if mine.dtype.is_floating_point:
                mine.lerp_(theirs, 1 - d)
            else:
                mine.copy_(theirs)


def groups(model: nn.Module, weight_decay: float) -> list[dict]:
    decay = [p for p in model.parameters() if p.ndim > 1]
    rest = [p for p in model.parameters() if p.ndim <= 1]
    return [{"params": decay, "weight_decay": weight_decay}, {"params": rest, "weight_decay": 0.0}]


def schedule(total: int, warm: int) -> Callable[[int], float]:
    def factor(step: int) -> float:
        if step < warm:
            return (step + 1) / warm
        return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, total - warm)))
    return factor


@torch.no_grad()
def evaluate(model: nn.Module, loader: DataLoader, device: torch.device) -> dict[str, float]:
    right = right5 = n = 0
    loss = 0.0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        logits = model(x)
        loss += F.cross_entropy(logits, y, reduction="sum").item()
        top5 = logits.topk(5, dim=1).indices
        right += (top5[:, 0] == y).sum().item()
        right5 += (top5 == y[:, None]).any(dim=1).sum().item()
        n += len(y)
    return {"loss": loss / n, "top1": right / n, "top5": right5 / n}


def parse(argv: list[str] | None = None) -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    p.add_argument("--root", default="data")
    p.add_argument("--out", type=Path, default=Path("out"))
    p.add_argument("--block", choices=sorted(BLOCKS), default="basic")
    p.add_argument("--depths", type=int, nargs="+", default=[1, 1, 1])
    p.add_argument("--width", type=int, default=16)
    p.add_argument("--se", action="store_true", help="squeeze-and-excitation in each block")
    p.add_argument("--dropout", type=float, default=0.1)
    p.add_argument("--epochs", type=int, default=100)
    p.add_argument("--warmup", type=int, default=5, help="epochs of linear warm-up")
    p.add_argument("--batch", type=int, default=256)
    p.add_argument("--lr", type=float, default=0.5, help="peak for a batch of 256; BN makes it bearable")
    p.add_argument("--wd", type=float, default=5e-4)
    p.add_argument("--ema", type=float, default=0.999)
    p.add_argument("--smooth", type=float, default=0.1)
    p.add_argument("--workers", type=int, default=4)
    return p.parse_args(argv)


def main(argv: list[str] | None = None) -> None:
    args = parse(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    amp = torch.autocast("cuda", torch.bfloat16) if device.type == "cuda" else contextlib.nullcontext()
    train, test = loaders(args.root, args.batch, args.workers)
    model = ResNet(args.block, tuple(args.depths), args.width, args.se, 100, args.dropout).to(device)
    ema = Ema(model, args.ema)
    optimizer = optim.SGD(groups(model, args.wd), lr=args.lr * args.batch / 256, momentum=0.9, nesterov=True)
    steps = len(train)
    lr = optim.lr_scheduler.LambdaLR(optimizer, schedule(args.epochs * steps, args.warmup * steps))
    best = 0.0
    for epoch in range(args.epochs):
        model.train()
        t0, seen = time.perf_counter(), 0
        for x, y in train:
            x, y = x.to(device, non_blocking=True), y.to(device, non_blocking=True)
            with amp:
                loss = F.cross_entropy(model(x), y, label_smoothing=args.smooth)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            lr.step()
            ema.update(model)
            seen += len(y)
        speed = seen / (time.perf_counter() - t0)
        scores = evaluate(ema.model, test, device)
        print(f"{epoch:3d}  loss {scores['loss']:.3f}  top1 {scores['top1']:.4f}  top5 {scores['top5']:.4f}  {speed:.0f} img/s")
        if scores["top1"] >= best:
            best = scores["top1"]
            torch.save(ema.model.state_dict(), args.out / "best.pt")


if __name__ == "__main__":
    main(["--se"])
