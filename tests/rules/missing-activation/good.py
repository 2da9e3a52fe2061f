import torch
import torch.nn as nn
import torch.nn.functional as F


class Separable(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.depthwise = nn.Conv2d(a, a, 3, padding=1, groups=a)
        self.pointwise = nn.Conv2d(a, b, 1)

    def forward(self, x):
        return F.relu(self.pointwise(self.depthwise(x)))

class Inverted(nn.Module):
    def __init__(self, c, t):
        super().__init__()
        self.expand = nn.Conv2d(c, c * t, 1)
        self.depth = nn.Conv2d(c * t, c * t, 3, padding=1, groups=c * t)
        self.project = nn.Conv2d(c * t, c, 1)

    def forward(self, x):
        y = F.relu6(self.depth(F.relu6(self.expand(x))))
        return self.project(y)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 16, 4, stride=4)
        self.sep = Separable(16, 16)
        self.row = nn.Conv2d(16, 16, (1, 3), padding=(0, 1))
        self.col = nn.Conv2d(16, 16, (3, 1), padding=(1, 0))
        self.a, self.b = Inverted(16, 4), Inverted(16, 4)
        self.embed = nn.Linear(16, 8)
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        x = self.sep(self.patch(x))
        x = F.relu(self.col(self.row(x)))
        x = F.relu(self.b(self.a(x)))
        feature = self.embed(x.mean((2, 3)))
        return feature, self.head(feature)

Net()(torch.randn(1, 3, 32, 32))
