import numpy as np
import torch
import torch.nn as nn
from sklearn.model_selection import KFold
from torch.utils.data import DataLoader, Subset
from torchvision import transforms
from torchvision.datasets import STL10

SIZE = 64
transform = transforms.Compose([
    transforms.RandomResizedCrop(SIZE, scale=(0.7, 1.0)),
    transforms.RandomHorizontalFlip(),
    transforms.ToTensor(),
    transforms.Normalize((0.4467, 0.4398, 0.4066), (0.2603, 0.2566, 0.2713)),
])
stl = STL10("stl10", split="train", download=True, transform=transform)


def make_net():
    layers, c = [], 3
    for width in (32, 64, 128):
        layers += [nn.Conv2d(c, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True), nn.MaxPool2d(2)]
        c = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, 10))


scores = []
for fold, (train_idx, val_idx) in enumerate(KFold(n_splits=2, shuffle=True, random_state=0).split(np.arange(len(stl)))):
    train_part, val_part = Subset(stl, train_idx.tolist()), Subset(stl, val_idx.tolist())
    train_loader = DataLoader(train_part, batch_size=64, shuffle=True)
    val_loader = DataLoader(val_part, batch_size=128)
    net = make_net()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(8):
        net.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(x), y).backward()
            optimizer.step()
    net.eval()
    hits = 0
    with torch.no_grad():
        for x, y in val_loader:
            hits += (net(x).argmax(1) == y).sum().item()
    scores.append(hits / len(val_part))
    print(f"fold {fold}: {scores[-1]:.3f}")
print("mean", np.mean(scores))
