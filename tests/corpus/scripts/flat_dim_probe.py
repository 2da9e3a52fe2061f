import torch
import torch.nn as nn
import torch.nn.functional as F


class ProbeNet(nn.Module):
    def __init__(self, in_shape=(3, 48, 48), n_actions=7, batch_norm=True):
        super().__init__()
        c, h, w = in_shape
        self.conv1 = nn.Conv2d(c, 32, kernel_size=5, stride=2)
        self.bn1 = nn.BatchNorm2d(32) if batch_norm else nn.Identity()
        self.conv2 = nn.Conv2d(32, 64, kernel_size=3, stride=2)
        self.bn2 = nn.BatchNorm2d(64) if batch_norm else nn.Identity()
        n_flat = self._conv_out(torch.zeros(1, c, h, w)).numel()
        self.fc1 = nn.Linear(n_flat, 256)
        self.fc2 = nn.Linear(256, n_actions)

    def _conv_out(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        return x.flatten(1)

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(self._conv_out(x))))


for shape in ((3, 48, 48), (1, 64, 40)):
    net = ProbeNet(shape)
    print(shape, net.fc1.in_features, net(torch.rand(4, *shape)).shape)
