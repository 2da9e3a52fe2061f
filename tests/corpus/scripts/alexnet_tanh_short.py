import torch
import torch.nn as nn
from torchvision import datasets, transforms

class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 5)
        self.s2 = nn.AvgPool2d(2)
        self.c3 = nn.Conv2d(6, 16, 5)
        self.s4 = nn.AvgPool2d(2)
        self.c5 = nn.Conv2d(16, 120, 5)
        self.f6 = nn.Linear(120, 84)
        self.out = nn.Linear(84, 10)

    def forward(self, x):
        x = torch.tanh(self.s2(self.c1(x)))
        x = torch.tanh(self.s4(self.c3(x)))
        x = torch.tanh(self.c5(x))      # N x 120 x 1 x 1
        x = torch.tanh(self.f6(x.view(x.size(0), -1)))
        return self.out(x)

mnist = datasets.MNIST('mnist', train=True, download=True,
                       transform=transforms.Compose([transforms.Pad(2), transforms.ToTensor(), transforms.Normalize((0.1,), (0.2752,))]))
loader = torch.utils.data.DataLoader(mnist, batch_size=64, shuffle=True)
net = LeNet5()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for epoch in range(3):
    for x, y in loader:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
