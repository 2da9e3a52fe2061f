import torch
import torch.nn as nn

widths = [784, 256, 128, 64, 64, 64]
layers = []
for a, b in zip(widths, widths[1:]):
    layers.append(nn.Linear(a, b))
    layers.append(nn.Sigmoid())
net = nn.Sequential(nn.Flatten(), *layers, nn.Linear(64, 10))
net(torch.randn(2, 1, 28, 28))
