import torch
from torch import nn

net = nn.Sequential(nn.Conv2d(3, 8, 3, bias=False), nn.BatchNorm1d(8), nn.ReLU())
net(torch.randn(2, 3, 16, 16))
