import torch
import torch.nn as nn
import torch.nn.functional as F

x, y = torch.randn(4, 1, 28, 28), torch.randint(0, 10, (4,))
net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10))
crit = nn.CrossEntropyLoss()
loss = crit(net(x), F.softmax(torch.randn(4, 10), dim=1))
loss.backward()
probs = net(x).softmax(1)
kl = F.kl_div(F.log_softmax(net(x), 1), probs)
