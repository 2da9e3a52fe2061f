import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


def pair(cin, cout, k):
    # a k x k filter written as a row and a column filter
    return nn.Sequential(
        nn.Conv2d(cin, cout, (1, k), padding=(0, k // 2), bias=False),
        nn.Conv2d(cout, cout, (k, 1), padding=(k // 2, 0), bias=False),
        nn.BatchNorm2d(cout),
        nn.ReLU(),
    )


class Mixed(nn.Module):
    def __init__(self, cin):
        super().__init__()
        self.b1 = nn.Sequential(nn.Conv2d(cin, 16, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        self.b3 = pair(cin, 24, 3)
        self.b7 = pair(cin, 24, 7)
        self.bp = nn.Sequential(nn.AvgPool2d(3, 1, 1), nn.Conv2d(cin, 16, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        self.out_channels = 16 + 24 + 24 + 16

    def forward(self, x):
        return torch.cat((self.b1(x), self.b3(x), self.b7(x), self.bp(x)), 1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.m1 = Mixed(1)
        self.m2 = Mixed(self.m1.out_channels)
        self.m3 = Mixed(self.m2.out_channels)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(self.m3.out_channels * 7 * 7, 10)

    def forward(self, x):
        x = self.pool(self.m1(x))
        x = self.pool(self.m2(x))
        return self.fc(self.m3(x).flatten(1))


net = Net()
loader = DataLoader(datasets.KMNIST(".", transform=transforms.ToTensor(), download=True), 64, shuffle=True)
opt = torch.optim.Adam(net.parameters(), 1e-3)
for epoch in range(2):
    for x, y in loader:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
