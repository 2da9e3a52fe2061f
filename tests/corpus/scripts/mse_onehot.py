import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms


def one_hot(y, k=10):
    out = torch.zeros(len(y), k)
    out[torch.arange(len(y)), y] = 1.0
    return out


net = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.AvgPool2d(2),
    nn.Conv2d(6, 16, 5), nn.ReLU(), nn.AvgPool2d(2),
    nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 10), nn.Softmax(dim=1))

mnist = datasets.MNIST('mnist', train=True, download=True, transform=transforms.ToTensor())
loader = torch.utils.data.DataLoader(mnist, batch_size=32, shuffle=True)
opt = torch.optim.SGD(net.parameters(), lr=0.1)

# Q3: minimise the squared distance between the prediction and the label
for epoch in range(5):
    for x, y in loader:
        p = net(x)
        loss = F.mse_loss(p, one_hot(y))
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(f'{epoch}: {loss.item():.5f}')
