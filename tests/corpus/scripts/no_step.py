import torch
from torch import nn
from torch.utils.data import DataLoader, random_split
from torchvision import datasets, transforms


def epoch_pass(net, loader, criterion, optimizer=None):
    training = optimizer is not None
    net.train(training)
    total = 0.0
    with torch.set_grad_enabled(training):
        for x, y in loader:
            loss = criterion(net(x), y)
            if training:
                optimizer.zero_grad()
                loss.backward()
            total += loss.item() * len(x)
    return total / len(loader.dataset)


full = datasets.FashionMNIST("data", train=True, download=True, transform=transforms.ToTensor())
a, b = random_split(full, [50000, 10000])
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Dropout(0.1), nn.Linear(256, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(3):
    tr = epoch_pass(net, DataLoader(a, 128, shuffle=True), nn.CrossEntropyLoss(), opt)
    va = epoch_pass(net, DataLoader(b, 512), nn.CrossEntropyLoss())
    print(tr, va)
