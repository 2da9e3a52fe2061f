import torch
import torch.nn as nn

cfg = {"width": 24, "classes": 10}
body = []
c = 3
for i in range(3):
    body += [nn.Conv2d(c, cfg["width"] * 2**i, 3, bias=False), nn.BatchNorm2d(cfg["width"] * 2**i), nn.ReLU()]
    c = cfg["width"] * 2**i
net = nn.Sequential(*body, nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(c, cfg["classes"]))
net(torch.randn(4, 3, 32, 32))
