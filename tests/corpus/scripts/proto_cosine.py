import torch
import torch.nn.functional as F
from torch import nn
from torchvision import datasets, transforms


class CosineHead(nn.Module):
    def __init__(self, dim, n, scale=16.0):
        super().__init__()
        self.proto = nn.Parameter(torch.randn(n, dim))
        self.scale = nn.Parameter(torch.tensor(scale))

    def forward(self, z):
        return self.scale * F.normalize(z, dim=-1) @ F.normalize(self.proto, dim=-1).t()


class Net(nn.Module):
    def __init__(self, n=10, dim=32):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 16, 3, 2, 1), nn.ReLU(), nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(3), nn.Flatten())
        self.embed = nn.Linear(288, dim)
        self.head = CosineHead(dim, n)

    def forward(self, x):
        return self.head(self.embed(self.conv(x)))


net = Net()
dl = torch.utils.data.DataLoader(datasets.KMNIST(".", download=True, transform=transforms.ToTensor()), 64, shuffle=True)
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(2):
    for x, y in dl:
        opt.zero_grad()
        F.cross_entropy(net(x), y).backward()
        opt.step()
