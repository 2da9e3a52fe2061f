import types
import torch
from torch import nn
import torch.nn.functional as nnf


class Cfg:
    drop_rate = 0.3
    width = 4
    n_classes = 10


class WideBlock(nn.Module):
    """Pre-activation wide residual block."""

    def __init__(self, cin, cout, cfg, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(cin), nn.BatchNorm2d(cout)
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.proj = nn.Conv2d(cin, cout, 1, stride, bias=False) if (cin != cout or stride != 1) else nn.Identity()
        self.p = cfg.drop_rate

    def forward(self, x):
        h = nnf.relu(self.bn1(x))
        out = self.conv1(h)
        out = nnf.relu(self.bn2(out))
        out = nnf.dropout(out, self.p)
        return self.conv2(out) + self.proj(h)


class WRN(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        w = [16, 16 * cfg.width, 32 * cfg.width]
        self.conv = nn.Conv2d(3, w[0], 3, padding=1, bias=False)
        self.g1 = nn.Sequential(WideBlock(w[0], w[1], cfg), WideBlock(w[1], w[1], cfg))
        self.g2 = nn.Sequential(WideBlock(w[1], w[2], cfg, 2), WideBlock(w[2], w[2], cfg))
        self.bn = nn.BatchNorm2d(w[2])
        self.fc = nn.Linear(w[2], cfg.n_classes)

    def forward(self, x):
        x = self.g2(self.g1(self.conv(x)))
        x = nnf.relu(self.bn(x))
        return self.fc(nnf.adaptive_avg_pool2d(x, 1).flatten(1))


if __name__ == "__main__":
    net = WRN(Cfg())
    net.eval()
    with torch.no_grad():
        print(net(torch.zeros(2, 3, 32, 32)).shape)
