import torch
import torch.nn as nn

x, y = torch.randn(4, 1, 28, 28), torch.randint(0, 10, (4,))
net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10), nn.LogSoftmax(dim=1))
criterion = nn.NLLLoss()
loss = criterion(net(x), y)
other = criterion(torch.log(torch.softmax(net(x).exp(), 1) + 1e-9), y)
