import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, c_in, c_out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(c_in, c_out, 3, stride, 1)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, 1, 1)

    def forward(self, x):
        out = F.relu(self.conv1(x))
        out = self.conv2(out)
        return F.relu(out + x)

net = nn.Sequential(nn.Conv2d(3, 64, 3, padding=1), nn.ReLU(), Block(64, 64, 1), Block(64, 128, 2))
net(torch.randn(2, 3, 32, 32))
