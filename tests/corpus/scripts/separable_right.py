import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Separable(nn.Module):
    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.dw = nn.Conv2d(cin, cin, 3, stride, 1, groups=cin, bias=False)
        self.pw = nn.Conv2d(cin, cout, 1, bias=False)
        self.bn = nn.BatchNorm2d(cout)

    def forward(self, x):
        return torch.nn.functional.silu(self.bn(self.pw(self.dw(x))))


class Factor(nn.Module):
    def __init__(self, c, k=7):
        super().__init__()
        self.row = nn.Conv2d(c, c, (1, k), padding=(0, k // 2))
        self.col = nn.Conv2d(c, c, (k, 1), padding=(k // 2, 0))

    def forward(self, x):
        return torch.relu(self.col(self.row(x)))


class Net(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 24, 3, padding=1, bias=False), nn.BatchNorm2d(24), nn.SiLU())
        self.a = Separable(24, 48, 2)
        self.f = Factor(48)
        self.b = Separable(48, 96, 2)
        self.squeeze = nn.Conv2d(96, 16, 1)
        self.expand = nn.Conv2d(16, 96, 1)
        self.head = nn.Linear(96, classes)

    def forward(self, x):
        x = self.b(self.f(self.a(self.stem(x))))
        gate = torch.sigmoid(self.expand(torch.relu(self.squeeze(x.mean((2, 3), keepdim=True)))))
        x = x * gate
        return self.head(x.mean((-2, -1)))


def evaluate(net, loader):
    was = net.training
    net.eval()
    try:
        with torch.inference_mode():
            return sum((net(x).argmax(1) == y).sum().item() for x, y in loader) / len(loader.dataset)
    finally:
        net.train(was)


norm = transforms.Normalize((0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616))
train = datasets.CIFAR10("d", train=True, download=True, transform=transforms.Compose(
    [transforms.RandomHorizontalFlip(), transforms.ToTensor(), norm]))
test = datasets.CIFAR10("d", train=False, transform=transforms.Compose([transforms.ToTensor(), norm]))
net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, nesterov=True)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=0.8, epochs=8, steps_per_epoch=391)
for epoch in range(8):
    for x, y in DataLoader(train, 128, shuffle=True):
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
        sched.step()
    print(evaluate(net, DataLoader(test, 512)))
