from functools import partial
import torch
from torch import Tensor, nn

conv3 = partial(nn.Conv2d, kernel_size=3, bias=False)
Norm = partial(nn.BatchNorm2d, eps=1e-3, momentum=0.01)


class Unit(nn.Module):
    def __init__(self, ch: int):
        super().__init__()
        self.branch = nn.Sequential(conv3(ch, ch), Norm(ch), nn.ReLU(), conv3(ch, ch, padding=1), Norm(ch))

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.branch(x) + x)


class Net(nn.Module):
    def __init__(self, ch: int = 64, n_units: int = 3, n_classes: int = 10):
        super().__init__()
        self.inp = nn.Sequential(nn.Conv2d(3, ch, 1, bias=False), Norm(ch), nn.ReLU())
        self.units = nn.Sequential(*(Unit(ch) for _ in range(n_units)))
        self.out = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(ch, n_classes))

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.units(self.inp(x)))


print(Net()(torch.randn(8, 3, 32, 32)).shape)
