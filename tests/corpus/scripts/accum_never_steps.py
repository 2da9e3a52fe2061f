import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

ACCUM = 4

net = nn.Sequential(
    nn.Conv2d(3, 32, 3, 2, 1), nn.BatchNorm2d(32), nn.ReLU(),
    nn.Conv2d(32, 64, 3, 2, 1), nn.BatchNorm2d(64), nn.ReLU(),
    nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(256, 10))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3)
loader = DataLoader(
    datasets.CIFAR10("cifar", download=True, transform=transforms.ToTensor()),
    batch_size=32, shuffle=True)

net.train()
for epoch in range(3):
    opt.zero_grad()
    for i, (x, y) in enumerate(loader):
        loss = F.cross_entropy(net(x), y) / ACCUM
        loss.backward()
        if (i + 1) % ACCUM == 0:
            opt.zero_grad()
    print(epoch, loss.item() * ACCUM)
