import random
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import datasets, transforms


class Pairs(Dataset):
    def __init__(self, root):
        self.base = datasets.KMNIST(root, train=True, download=True, transform=transforms.ToTensor())

    def __len__(self):
        return len(self.base)

    def __getitem__(self, i):
        a, ya = self.base[i]
        for _ in range(20):
            b, yb = self.base[random.randrange(len(self.base))]
            if (ya == yb) == bool(i % 2):
                break
        return a, b, torch.tensor(float(ya == yb))


class Embed(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.cnn = nn.Sequential(nn.Conv2d(1, 16, 5, 2), nn.ReLU(), nn.Conv2d(16, 32, 5, 2), nn.ReLU(), nn.Flatten())
        self.fc = nn.Linear(512, dim)

    def forward(self, x):
        return self.fc(self.cnn(x))


def contrastive(za, zb, same, margin=1.0):
    d = F.pairwise_distance(za, zb)
    return (same * d.pow(2) + (1 - same) * F.relu(margin - d).pow(2)).mean()


net = Embed()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(2):
    for a, b, same in DataLoader(Pairs("kmnist"), 32, shuffle=True):
        opt.zero_grad()
        contrastive(net(a), net(b), same).backward()
        opt.step()
