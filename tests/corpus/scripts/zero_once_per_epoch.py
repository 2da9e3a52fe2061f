import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


def resblock(c):
    return nn.Sequential(nn.Conv2d(c, c, 3, padding=1), nn.ReLU(), nn.Conv2d(c, c, 3, padding=1))


class TinyRes(nn.Module):
    def __init__(self, c=24, n=3, classes=10):
        super().__init__()
        self.inp = nn.Conv2d(1, c, 3, stride=2, padding=1)
        self.res = nn.ModuleList(resblock(c) for _ in range(n))
        self.out = nn.Linear(c, classes)

    def forward(self, x):
        x = self.inp(x).relu()
        for r in self.res:
            x = (x + r(x)).relu()
        return self.out(x.amax(dim=(2, 3)))


class Runner:
    def __init__(self, net, loader, lr, callbacks=()):
        self.net, self.loader, self.callbacks = net, loader, callbacks
        self.optim = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
        self.criterion = nn.CrossEntropyLoss()

    def epoch(self, number):
        self.net.train()
        self.optim.zero_grad()
        total = 0
        for x, y in self.loader:
            loss = self.criterion(self.net(x), y)
            loss.backward()
            self.optim.step()
            total += loss
        mean = total / len(self.loader)
        for cb in self.callbacks:
            cb(number, mean)


history = []
tf = transforms.ToTensor()
loader = DataLoader(datasets.FashionMNIST("fmnist", transform=tf, download=True), batch_size=128, shuffle=True)
runner = Runner(TinyRes(), loader, 0.02, [lambda n, m: history.append(m), lambda n, m: print(n, float(m))])
for epoch in range(5):
    runner.epoch(epoch)
