import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, random_split
from torchvision import datasets, transforms

data = datasets.FashionMNIST(".", train=True, download=True, transform=transforms.ToTensor())
train_ds, val_ds = random_split(data, (0.9, 0.1))
train_dl, val_dl = DataLoader(train_ds, 100, shuffle=True), DataLoader(val_ds, 500)

net = nn.Sequential(
    nn.Conv2d(1, 20, 5), nn.MaxPool2d(2), nn.ReLU(),
    nn.Conv2d(20, 40, 5), nn.MaxPool2d(2), nn.ReLU(),
    nn.Flatten(), nn.Linear(640, 10),
)
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
best, patience = float("inf"), 3

for epoch in range(50):
    for x, y in train_dl:
        opt.zero_grad()
        (loss := F.cross_entropy(net(x), y)).backward()
        opt.step()
    val = torch.stack([F.cross_entropy(net(x), y) for x, y in val_dl]).mean().item()
    if val < best:
        best, bad = val, 0
    elif (bad := bad + 1) >= patience:
        print("stopping at", epoch)
        break
