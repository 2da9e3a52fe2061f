import torch
from torch import nn

layers = []
c = 3
for i, w in enumerate([16, 16, 32, 32, 64, 64, 128]):
    layers += [nn.Conv2d(c, w, 3, stride=2 if i % 2 else 1, padding=1), nn.Sigmoid()]
    c = w
net = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, 10))

x, y = torch.randn(32, 3, 64, 64), torch.randint(0, 10, (32,))
opt = torch.optim.SGD(net.parameters(), lr=0.01)
for step in range(3):
    opt.zero_grad()
    loss = nn.CrossEntropyLoss()(net(x), y)
    loss.backward()
    opt.step()
    print(step, loss.item())
