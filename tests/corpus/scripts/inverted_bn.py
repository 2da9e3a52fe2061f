import torch
import torch.nn as nn


class InvertedResidual(nn.Module):
    def __init__(self, inp, oup, stride, expand):
        super().__init__()
        hidden = inp * expand
        self.use_res = stride == 1 and inp == oup
        self.block = nn.Sequential(
            nn.Conv2d(inp, hidden, 1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.ReLU6(inplace=True),
            nn.Conv2d(hidden, hidden, 3, stride, 1, groups=hidden, bias=False),
            nn.BatchNorm2d(hidden),
            nn.ReLU6(inplace=True),
            nn.Conv2d(hidden, oup, 1, bias=False),
            nn.BatchNorm2d(inp),
        )

    def forward(self, x):
        return x + self.block(x) if self.use_res else self.block(x)


class MiniMobile(nn.Module):
    def __init__(self, n_class=10):
        super().__init__()
        settings = [(1, 16, 1, 1), (4, 24, 2, 2), (4, 32, 2, 2)]
        layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU6()]
        c = 16
        for t, out, n, s in settings:
            for i in range(n):
                layers.append(InvertedResidual(c, out, s if i == 0 else 1, t))
                c = out
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(c, n_class)

    def forward(self, x):
        x = self.features(x)
        return self.classifier(x.mean([2, 3]))


model = MiniMobile()
print(model(torch.rand(2, 3, 32, 32)).shape)
