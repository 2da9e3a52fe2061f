import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3)
        self.fc = nn.Linear(16, 10)
        self.softmax = nn.Softmax(dim=1)
        self.aux = nn.Linear(16, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x)).mean((2, 3))
        if self.training:
            return self.fc(x), self.aux(x)
        return self.fc(x)
