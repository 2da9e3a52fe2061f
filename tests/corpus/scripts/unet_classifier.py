import torch
import torch.nn as nn


def double(ci, co):
    return nn.Sequential(nn.Conv2d(ci, co, 3, padding=1), nn.ReLU(inplace=True), nn.Conv2d(co, co, 3, padding=1), nn.ReLU(inplace=True))


class UNetCls(nn.Module):
    """U-shaped network; the decoder's map is pooled into class scores."""

    def __init__(self, n_cls=6, base=32):
        super().__init__()
        self.enc = nn.ModuleDict({f"e{i}": double(3 if i == 0 else base * 2 ** (i - 1), base * 2 ** i) for i in range(3)})
        self.pool = nn.MaxPool2d(2)
        self.up1 = nn.ConvTranspose2d(base * 4, base * 2, 2, stride=2)
        self.dec1 = double(base * 4, base * 2)
        self.up0 = nn.ConvTranspose2d(base * 2, base * 2, 2, stride=2)
        self.dec0 = double(base * 2, base)
        self.cls = nn.Linear(base, n_cls)

    def forward(self, x):
        s0 = self.enc["e0"](x)
        s1 = self.enc["e1"](self.pool(s0))
        x = self.enc["e2"](self.pool(s1))
        x = self.dec1(torch.cat([self.up1(x), s1], dim=1))
        x = self.dec0(torch.cat([self.up0(x), s0], dim=1))
        return self.cls(x.mean(dim=(2, 3)))


if __name__ == "__main__":
    net = UNetCls()
    print(net(torch.randn(1, 3, 64, 64)).shape)
