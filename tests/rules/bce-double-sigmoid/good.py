import torch
import torch.nn as nn

x, y = torch.randn(4, 1, 28, 28), torch.randint(0, 10, (4,))
t = torch.rand(4, 1)
net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 1))
crit = nn.BCEWithLogitsLoss()
logit = net(x)
loss = crit(logit, t)
shown = torch.sigmoid(logit) > 0.5
