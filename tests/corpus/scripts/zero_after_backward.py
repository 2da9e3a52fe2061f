import torch
import torch.nn as nn
from torchvision import datasets, transforms


class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.LazyConv2d(16, 3)
        self.r = nn.ReLU()
        self.p = nn.AdaptiveAvgPool2d(4)
        self.o = nn.LazyLinear(10)

    def forward(self, x):
        return self.o(self.p(self.r(self.l(x))).flatten(1))


ds = datasets.USPS("data", train=True, transform=transforms.ToTensor(), download=True)
dl = torch.utils.data.DataLoader(ds, batch_size=32, shuffle=True)
m = M()
m(torch.zeros(1, 1, 16, 16))
optim = torch.optim.SGD(m.parameters(), lr=0.1)
lossf = nn.CrossEntropyLoss()
for e in range(2):
    for x, y in dl:
        loss = lossf(m(x), y)
        loss.backward()
        optim.zero_grad()
        optim.step()
