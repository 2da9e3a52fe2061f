import argparse

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim import Adadelta
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import Compose, Normalize, ToTensor


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.c2 = nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3)
        self.d1, self.d2 = nn.Dropout(0.25), nn.Dropout(0.5)
        self.l1, self.l2 = nn.Linear(64 * 12 * 12, 128), nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.c2(F.relu(self.c1(x))))
        x = self.d1(F.max_pool2d(x, 2)).flatten(1)
        x = self.d2(F.relu(self.l1(x)))
        return F.log_softmax(self.l2(x), dim=1)


def fit(net, loader, opt, epoch, every):
    net.train()
    for i, (x, y) in enumerate(loader):
        opt.zero_grad()
        loss = F.nll_loss(net(x), y)
        loss.backward()
        opt.step()
        if i % every == 0:
            print(f"epoch {epoch} step {i} loss {loss.item():.4f}")


def check(net, loader):
    net.eval()
    total = right = 0.0
    with torch.no_grad():
        for x, y in loader:
            lp = net(x)
            total += F.nll_loss(lp, y, reduction="sum").item()
            right += lp.argmax(1).eq(y).sum().item()
    n = len(loader.dataset)
    print(f"test loss {total / n:.4f} accuracy {right / n:.4f}")


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=14)
    ap.add_argument("--lr", type=float, default=1.0)
    ap.add_argument("--gamma", type=float, default=0.7)
    ap.add_argument("--batch", type=int, default=64)
    ap.add_argument("--every", type=int, default=100)
    a = ap.parse_args()
    tf = Compose([ToTensor(), Normalize((0.1307,), (0.3081,))])
    train = DataLoader(MNIST("data", True, tf, download=True), a.batch, shuffle=True)
    test = DataLoader(MNIST("data", False, tf), 1000)
    net = Digits()
    opt = Adadelta(net.parameters(), lr=a.lr)
    sched = StepLR(opt, 1, a.gamma)
    for epoch in range(1, a.epochs + 1):
        fit(net, train, opt, epoch, a.every)
        check(net, test)
        sched.step()
