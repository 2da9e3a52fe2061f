import torch
import torch.nn as nn
import torch.nn.functional as F

x, y = torch.randn(4, 1, 28, 28), torch.randint(0, 10, (4,))
net = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 1, 3, padding=1))
loss = F.mse_loss(net(x), x)
height = nn.Sequential(nn.Flatten(), nn.Linear(784, 1))
reg = F.mse_loss(height(x), torch.rand(4, 1))
