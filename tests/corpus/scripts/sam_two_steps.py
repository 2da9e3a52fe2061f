import torch
from torch import nn
from torchvision import datasets, transforms


class SAM:
    def __init__(self, params, base, rho=0.05):
        self.params = [p for p in params if p.requires_grad]
        self.base, self.rho = base, rho

    @torch.no_grad()
    def climb(self):
        norm = torch.stack([p.grad.norm() for p in self.params if p.grad is not None]).norm()
        self.eps = []
        for p in self.params:
            e = p.grad * (self.rho / (norm + 1e-12))
            p.add_(e)
            self.eps.append(e)

    @torch.no_grad()
    def descend(self):
        for p, e in zip(self.params, self.eps):
            p.sub_(e)
        self.base.step()


net = nn.Sequential(
    nn.Conv2d(3, 32, 3, 2, 1), nn.BatchNorm2d(32), nn.ReLU(), nn.Conv2d(32, 64, 3, 2, 1), nn.BatchNorm2d(64), nn.ReLU(),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
base = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
sam = SAM(net.parameters(), base)
loader = torch.utils.data.DataLoader(datasets.CIFAR10('.', download=True, transform=transforms.ToTensor()), 128, shuffle=True)
ce = nn.CrossEntropyLoss()

for epoch in range(2):
    net.train()
    for x, y in loader:
        base.zero_grad()
        ce(net(x), y).backward()
        sam.climb()
        base.zero_grad()
        ce(net(x), y).backward()
        sam.descend()
    print(epoch)
