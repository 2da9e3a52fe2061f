import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 5)
        self.fc = nn.Linear(6 * 14 * 14, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv(x)), 2)
        tokens = x.permute(0, 2, 3, 1).reshape(-1, 6)
        print(tokens.shape)
        return self.fc(x.view(-1, 6 * 14 * 14))

Net()(torch.randn(4, 3, 32, 32))
