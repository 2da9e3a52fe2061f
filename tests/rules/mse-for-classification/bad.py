import torch
import torch.nn as nn
import torch.nn.functional as F

x, y = torch.randn(4, 1, 28, 28), torch.randint(0, 10, (4,))
net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10))
loss = F.mse_loss(net(x), F.one_hot(y, 10).float())
