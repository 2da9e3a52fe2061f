"""GhostNet-like blocks. Run the file to see the shapes."""
import math
import torch
from torch import nn


class Ghost(nn.Module):
    def __init__(self, inp, oup, ratio=2, dw_size=3):
        super().__init__()
        self.oup = oup
        init = math.ceil(oup / ratio)
        new = init * (ratio - 1)
        self.primary = nn.Sequential(nn.Conv2d(inp, init, 1, bias=False), nn.BatchNorm2d(init), nn.ReLU(inplace=True))
        self.cheap = nn.Sequential(
            nn.Conv2d(init, new, dw_size, padding=dw_size // 2, groups=init, bias=False), nn.BatchNorm2d(new), nn.ReLU(inplace=True))

    def forward(self, x):
        a = self.primary(x)
        b = self.cheap(a)
        return torch.cat([a, b], dim=1)[:, :self.oup]


class GhostNet(nn.Module):
    def __init__(self, classes=1000, widths=(16, 24, 40), p=0.2):
        super().__init__()
        self.stem = nn.Conv2d(3, widths[0], 3, 2, 1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        body = []
        for a, b in zip(widths, widths[1:]):
            body += [Ghost(a, b), nn.MaxPool2d(2)]
        self.body = nn.Sequential(*body)
        self.drop = nn.Dropout(p)
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = torch.relu(self.bn(self.stem(x)))
        x = self.body(x).mean([2, 3])
        return self.fc(self.drop(x))


if __name__ == "__main__":
    net = GhostNet()
    x = torch.randn(2, 3, 224, 224)
    y = net(x)
    print(y.shape)
    for name, p in net.named_parameters():
        print(f"{name:30s} {tuple(p.shape)}")
