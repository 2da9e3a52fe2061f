import numpy as np
import torch
from sklearn.model_selection import KFold
from torch import nn
from torch.utils.data import DataLoader, SubsetRandomSampler
from torchvision import datasets, transforms


def fresh():
    return nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.2),
                         nn.Linear(8 * 13 * 13, 10))


def fit(net, loader, epochs=1):
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    net.train()
    for epoch in range(epochs):
        for x, y in loader:
            opt.zero_grad()
            nn.functional.cross_entropy(net(x), y).backward()
            opt.step()


def score(net, loader):
    net.eval()
    good = seen = 0
    with torch.no_grad():
        for x, y in loader:
            good += (net(x).argmax(1) == y).sum().item()
            seen += len(y)
    return good / seen


ds = datasets.FashionMNIST("d", train=True, download=True, transform=transforms.ToTensor())
scores = []
for fold, (tr, va) in enumerate(KFold(n_splits=3, shuffle=True).split(np.arange(len(ds)))):
    net = fresh()
    fit(net, DataLoader(ds, 64, sampler=SubsetRandomSampler(tr)))
    scores.append(score(net, DataLoader(ds, 256, sampler=SubsetRandomSampler(va))))
print(np.mean(scores))
