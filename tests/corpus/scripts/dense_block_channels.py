import torch
from torch import nn


class DenseLayer(nn.Module):
    def __init__(self, cin, growth):
        super().__init__()
        self.norm = nn.BatchNorm2d(cin)
        self.conv = nn.Conv2d(cin, growth, 3, padding=1, bias=False)

    def forward(self, x):
        return torch.cat([x, self.conv(torch.relu(self.norm(x)))], dim=1)


class TinyDense(nn.Module):
    def __init__(self, growth=12, depth=4, num_classes=10):
        super().__init__()
        self.stem = nn.Conv2d(3, 24, 3, padding=1)
        self.blocks = nn.ModuleList()
        c = 24
        for _ in range(depth):
            self.blocks.append(DenseLayer(c, growth))
            c += growth
        self.transition = nn.Conv2d(24 + growth, 48, 1)
        self.head = nn.Linear(48, num_classes)

    def forward(self, x):
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        x = torch.relu(self.transition(x))
        x = x.mean(dim=(2, 3))
        return self.head(x)


if __name__ == "__main__":
    net = TinyDense()
    out = net(torch.randn(4, 3, 32, 32))
    print(out.shape)
