import torch
import torch.nn as nn

net = nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Linear(8 * 14 * 14, 10),
)
net(torch.rand(5, 1, 28, 28))
