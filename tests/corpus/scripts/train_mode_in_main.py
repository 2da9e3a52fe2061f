import math
import torch
import torchvision
import torchvision.transforms as T
from torch import nn, optim


def train(model, loader, opt, lossf):
    seen_n, tot = 0, 0.
    for x, y in loader:
        opt.zero_grad()
        l = lossf(model(x), y)
        l.backward()
        opt.step()
        tot += l.item() * len(y)
        seen_n += len(y)
    return tot / seen_n


def evaluate(model, loader, lossf):
    model.eval()
    tot = n = ok = 0
    with torch.no_grad():
        for x, y in loader:
            o = model(x)
            tot += lossf(o, y).item() * len(y)
            ok += (o.max(1).indices == y).sum().item()
            n += len(y)
    return tot / n, ok / n


if __name__ == '__main__':
    bs, lr, epochs = 128, 1e-3, 15
    base = [T.ToTensor(), T.Normalize((0.2860,), (0.3530,))]
    tr = torchvision.datasets.FashionMNIST('.', True, T.Compose([T.RandomHorizontalFlip()] + base), download=True)
    te = torchvision.datasets.FashionMNIST('.', False, T.Compose(base), download=True)
    tr, te = (torch.utils.data.DataLoader(d, bs, shuffle=d.train) for d in (tr, te))
    net = nn.Sequential(
        nn.Conv2d(1, 32, 3, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
        nn.Conv2d(32, 32, 3, stride=2, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
        nn.Conv2d(32, 64, 3, stride=2, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
    opt = optim.Adam(net.parameters(), lr)
    lossf = nn.CrossEntropyLoss()
    net.train()
    best = math.inf
    for ep in range(epochs):
        tl = train(net, tr, opt, lossf)
        vl, va = evaluate(net, te, lossf)
        print(ep, round(tl, 4), round(vl, 4), round(va, 4))
        if vl < best:
            best = vl
            torch.save(net.state_dict(), 'best.pt')
