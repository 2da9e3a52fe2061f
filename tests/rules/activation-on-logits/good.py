import torch
import torch.nn as nn
import torch.nn.functional as F

net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 26 * 26, 10))
x, y = torch.randn(4, 1, 28, 28), torch.randint(0, 10, (4,))
loss = F.cross_entropy(net(x), y)
loss.backward()
