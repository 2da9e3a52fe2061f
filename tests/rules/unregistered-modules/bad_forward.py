import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3)

    def forward(self, x):
        x = F.relu(self.conv(x)).mean((2, 3))
        return nn.Linear(16, 10)(x)
