import torch, torch.nn as nn

class Residual(nn.Module):
    def __init__(self, fn):
        super().__init__()
        self.fn = fn
    def forward(self, x):
        return self.fn(x) + x

def mixer(h=64, depth=4, k=5, p=2, n=10):
    return nn.Sequential(
        nn.Conv2d(3, h, p, p), nn.GELU(), nn.BatchNorm2d(h),
        *[nn.Sequential(
            Residual(nn.Sequential(nn.Conv2d(h, h, k, groups=h, padding="same"), nn.GELU(), nn.BatchNorm2d(h))),
            nn.Conv2d(h, h, 1), nn.GELU(), nn.BatchNorm2d(h)) for _ in range(depth)],
        nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(h, n))

m = mixer()
print(m(torch.randn(3, 3, 32, 32)).shape)
