import torch
import torch.nn as nn


def conv_bn_act(c1: int, c2: int, k: int = 3, s: int = 1, act: nn.Module = nn.SiLU()) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(c1, c2, k, s, k // 2), nn.BatchNorm2d(c2), act)


class Tiny(nn.Module):
    def __init__(self, nc: int) -> None:
        super().__init__()
        self.b = nn.Sequential(
            conv_bn_act(3, 16, s=2),
            conv_bn_act(16, 32, s=2),
            conv_bn_act(32, 64, s=2),
        )
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(64, nc)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(self.pool(self.b(x)).flatten(1))


if __name__ == "__main__":
    m = Tiny(4).eval()
    with torch.no_grad():
        for side in (96, 128, 160):
            print(side, tuple(m(torch.rand(1, 3, side, side)).shape))
