import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, depth=3):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3)
        self.blocks = [nn.Conv2d(16, 16, 3, padding=1) for _ in range(depth)]
        self.head = nn.Linear(16, 10)

    def forward(self, x):
        x = F.relu(self.stem(x))
        for block in self.blocks:
            x = F.relu(block(x))
        return self.head(x.mean((-1, -2)))
