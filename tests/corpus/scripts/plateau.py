import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms


class EarlyStopping:
    def __init__(self, patience=5, delta=0.0):
        self.patience, self.delta = patience, delta
        self.best, self.count = None, 0

    def __call__(self, value):
        if self.best is None or value < self.best - self.delta:
            self.best, self.count = value, 0
        else:
            self.count += 1
        return self.count >= self.patience


norm = transforms.Normalize((0.2860,), (0.3530,))
aug = transforms.Compose([transforms.RandomCrop(28, padding=2), transforms.RandomHorizontalFlip(), transforms.ToTensor(), norm])
plain = transforms.Compose([transforms.ToTensor(), norm])
perm = torch.randperm(60000, generator=torch.Generator().manual_seed(0)).tolist()
train_ds = Subset(datasets.FashionMNIST("fm", True, aug, download=True), perm[:54000])
val_ds = Subset(datasets.FashionMNIST("fm", True, plain, download=True), perm[54000:])
train_dl, val_dl = DataLoader(train_ds, 128, shuffle=True), DataLoader(val_ds, 512)

net = nn.Sequential(
    nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.2),
    nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.3),
    nn.Flatten(), nn.Linear(64 * 49, 128), nn.ReLU(), nn.Linear(128, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, factor=0.3, patience=2)
stop = EarlyStopping(6)

for epoch in range(100):
    net.train()
    for x, y in train_dl:
        opt.zero_grad()
        F.cross_entropy(net(x), y).backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        val = sum(F.cross_entropy(net(x), y, reduction="sum").item() for x, y in val_dl) / len(val_ds)
    sched.step(val)
    print(epoch, val)
    if stop(val):
        break
