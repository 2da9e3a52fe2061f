import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.a = nn.Conv2d(1, 12, 3, stride=2)
        self.b = nn.Conv2d(12, 24, 3, stride=2)
        self.c = nn.Linear(24 * 6 * 6, n)

    def forward(self, t):
        t = torch.relu(self.a(t))
        t = torch.relu(self.b(t))
        t = t.flatten(start_dim=1)
        return torch.softmax(self.c(t), dim=1)


net = Net(10)
data = DataLoader(datasets.MNIST(".", train=True, download=True, transform=transforms.ToTensor()), 50, shuffle=True)
opt = torch.optim.Adam(net.parameters(), lr=0.001)
mse = nn.MSELoss()
for ep in range(2):
    for img, lab in data:
        target = F.one_hot(lab, 10).float()
        loss = mse(net(img), target)
        opt.zero_grad()
        loss.backward()
        opt.step()
