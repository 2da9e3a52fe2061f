import random

import torch
from torch import nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset
from torchvision import datasets, transforms


class Triplets(Dataset):
    def __init__(self, base, n=256):
        self.base, self.n = base, n

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        a, label = self.base[i]
        j = (i * 31 + 7) % self.n
        while self.base[j][1] == label:
            j = (j + 1) % self.n
        return a, torch.flip(a, [-1]), self.base[j][0]


class Embed(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.trunk = nn.Sequential(nn.Conv2d(1, 16, 5, 2), nn.ReLU(), nn.Conv2d(16, 32, 5, 2), nn.ReLU(), nn.Flatten())
        self.proj = nn.Linear(32 * 4 * 4, dim)

    def forward(self, x):
        return F.normalize(self.proj(self.trunk(x)), dim=1)


random.seed(0)
base = datasets.MNIST("d", train=True, download=True, transform=transforms.ToTensor())
net = Embed()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
crit = nn.TripletMarginLoss(margin=0.3)
for epoch in range(2):
    for a, p, n in DataLoader(Triplets(base), 32, shuffle=True):
        opt.zero_grad()
        loss = crit(net(a), net(p), net(n))
        loss.backward()
        opt.step()
