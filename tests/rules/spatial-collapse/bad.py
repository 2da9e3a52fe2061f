import torch
import torch.nn as nn

layers = []
c = 3
for width in (16, 32, 64, 64, 64, 64):
    layers += [nn.Conv2d(c, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    c = width
net = nn.Sequential(*layers, nn.Flatten(), nn.Linear(64, 10))
net(torch.randn(1, 3, 32, 32))
