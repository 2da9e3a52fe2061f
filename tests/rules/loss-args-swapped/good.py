import torch
import torch.nn as nn

x, y = torch.randn(4, 1, 28, 28), torch.randint(0, 10, (4,))
net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10))
criterion = nn.CrossEntropyLoss()
outputs = net(x)
loss = criterion(input=outputs, target=y)
distance = nn.MSELoss()(torch.rand(4, 10), outputs)
