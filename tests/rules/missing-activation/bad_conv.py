import torch
import torch.nn as nn

net = nn.Sequential(
    nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16),
    nn.Conv2d(16, 32, 3), nn.BatchNorm2d(32), nn.ReLU(),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 2),
)
net(torch.randn(4, 3, 32, 32))
