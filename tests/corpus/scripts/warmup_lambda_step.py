import math
import torch
from torch import nn, optim
from torchvision import datasets, transforms


def lr_factor(step, warm=500, total=20_000):
    """linear warm-up, then half a cosine"""
    if step < warm:
        return (step + 1) / warm
    t = (step - warm) / (total - warm)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, t)))


def build(k=64):
    return nn.Sequential(
        nn.Conv2d(3, k, 3, 2, 1), nn.GroupNorm(8, k), nn.SiLU(),
        nn.Conv2d(k, k, 3, 2, 1), nn.GroupNorm(8, k), nn.SiLU(),
        nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(16 * k, 10))


data = datasets.CIFAR10('.', train=True, download=True, transform=transforms.ToTensor())
loader = torch.utils.data.DataLoader(data, batch_size=64, shuffle=True)
a, b = build(), build()
opt_a, opt_b = optim.AdamW(a.parameters(), lr=1e-3), optim.SGD(b.parameters(), lr=0.05, momentum=0.9)
sched_a = optim.lr_scheduler.LambdaLR(opt_a, lr_factor)
sched_b = optim.lr_scheduler.CosineAnnealingWarmRestarts(opt_b, T_0=5)
ce = nn.CrossEntropyLoss()

for epoch in range(10):
    for i, (x, y) in enumerate(loader):
        for net, opt in ((a, opt_a), (b, opt_b)):
            opt.zero_grad()
            ce(net(x), y).backward()
            opt.step()
        sched_a.step()
        sched_b.step(epoch + i / len(loader))
    print(epoch, opt_a.param_groups[0]['lr'], opt_b.param_groups[0]['lr'])
