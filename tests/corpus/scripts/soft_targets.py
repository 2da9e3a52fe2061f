import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader
from torchvision import datasets, transforms


class VotedCIFAR(Dataset):
    """CIFAR-10 with a vector of annotator votes per picture (simulated here)."""

    def __init__(self, root, temperature=0.5):
        self.base = datasets.CIFAR10(root, train=True, download=True, transform=transforms.ToTensor())
        self.t = temperature

    def __len__(self):
        return len(self.base)

    def __getitem__(self, i):
        x, y = self.base[i]
        votes = torch.zeros(10)
        votes[y] = 8.0
        votes[(y + 1) % 10] += 2.0
        target = torch.softmax(votes * self.t, dim=0)
        return x, target


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2))
        self.fc = nn.Linear(64 * 64, 10)

    def forward(self, x):
        return self.fc(self.features(x).flatten(1))


net = Net()
loss_fn = nn.CrossEntropyLoss()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(3):
    losses = []
    for x, target in DataLoader(VotedCIFAR("."), batch_size=64, shuffle=True):
        opt.zero_grad()
        loss = loss_fn(net(x), target)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    print(epoch, np.mean(losses))
