import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, depth=3):
        super().__init__()
        layers = [nn.Conv2d(3, 16, 3), nn.ReLU()]
        for _ in range(depth):
            layers += [nn.Conv2d(16, 16, 3, padding=1), nn.ReLU()]
        self.body = nn.Sequential(*layers)
        self.names = []
        for i in range(2):
            setattr(self, f"extra{i}", nn.Conv2d(16, 16, 1))
            self.names.append(f"extra{i}")
        self.head = nn.Linear(16, 10)

    def forward(self, x):
        x = self.body(x)
        for name in self.names:
            x = F.relu(getattr(self, name)(x))
        return self.head(x.mean((-1, -2)))
