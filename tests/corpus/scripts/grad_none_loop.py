import torch
from torch import nn
from torchvision.datasets import FashionMNIST
from torchvision.transforms.functional import to_tensor

net = nn.Sequential(nn.Conv2d(1, 12, 4, 2), nn.ReLU(), nn.Conv2d(12, 24, 4, 2), nn.ReLU(), nn.Flatten(), nn.Linear(24 * 25, 10))
velocity = {p: torch.zeros_like(p) for p in net.parameters()}
loader = torch.utils.data.DataLoader(FashionMNIST('.', download=True, transform=to_tensor), 50, shuffle=True)

def sgd(lr=0.05, mu=0.9):
    with torch.no_grad():
        for p, v in velocity.items():
            v.mul_(mu).add_(p.grad)
            p.sub_(lr * v)

for epoch in range(3):
    for x, y in loader:
        for p in net.parameters():
            p.grad = None
        nn.functional.cross_entropy(net(x), y).backward()
        sgd()
