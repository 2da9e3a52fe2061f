import torch
import torch.nn as nn


class MixNet(nn.Module):
    def __init__(self, dim=32, classes=7):
        super().__init__()
        self.proj = nn.Conv2d(1, dim, kernel_size=4, stride=4)
        self.norm = nn.LayerNorm(dim)
        self.act = nn.GELU()
        self.out = nn.Linear(dim * 12 * 12, classes)

    def forward(self, x):
        b = x.size(0)
        x = self.proj(x)
        x = self.act(self.norm(x.permute(0, 2, 3, 1)))
        x = x.permute(0, 3, 1, 2)
        x = x.view(b, -1)
        return self.out(x)


faces = torch.randn(16, 1, 48, 48)
print(MixNet()(faces).shape)
