import math

import torch
from torch import nn
from torchvision import datasets, transforms

EPOCHS, BS = 10, 128


def lr_at(step, total, warm):
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, total - warm)))


def loop(model, loader, opt, sched, crit):
    model.train()
    meter = []
    for x, y in loader:
        opt.zero_grad()
        loss = crit(model(x), y)
        loss.backward()
        opt.step()
        sched.step()
        meter.append(loss.item())
    return sum(meter) / len(meter)


def main():
    torch.manual_seed(42)
    tf = transforms.Compose([transforms.Pad(2), transforms.ToTensor(), transforms.Normalize((0.1,), (0.28,))])
    ds = datasets.MNIST("d", train=True, download=True, transform=tf)
    loader = torch.utils.data.DataLoader(ds, BS, shuffle=True)
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 120, 5), nn.ReLU(), nn.Flatten(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    opt = torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9)
    total = EPOCHS * len(loader)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: lr_at(s, total, 200))
    for epoch in range(EPOCHS):
        print(epoch, loop(model, loader, opt, sched, nn.CrossEntropyLoss()))


main()
