import torch
from torch import nn
from torchvision import datasets, transforms


class SE(nn.Module):
    def __init__(self, c, r=8):
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(c, c // r), nn.ReLU(), nn.Linear(c // r, c), nn.Sigmoid())

    def forward(self, x):
        w = self.fc(x.mean((2, 3)))
        return x * w.view(*w.shape, 1, 1)


class SEBlock(nn.Module):
    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)
        self.se = SE(cout)
        self.down = None
        if stride > 1 or cin != cout:
            self.down = nn.Sequential(nn.AvgPool2d(stride), nn.Conv2d(cin, cout, 1, bias=False), nn.BatchNorm2d(cout))

    def forward(self, x):
        idn = x if self.down is None else self.down(x)
        x = torch.relu(self.bn1(self.conv1(x)))
        x = self.se(self.bn2(self.conv2(x)))
        return torch.relu(x + idn)


class SENet(nn.Module):
    def __init__(self):
        super().__init__()
        self.pre = nn.Conv2d(1, 16, 3, padding=1)
        self.l1, self.l2, self.l3 = SEBlock(16, 16), SEBlock(16, 32, 2), SEBlock(32, 64, 2)
        self.cls = nn.Linear(64, 10)

    def forward(self, x):
        x = torch.relu(self.pre(x))
        for l in (self.l1, self.l2, self.l3):
            x = l(x)
        return self.cls(x.mean((2, 3)))


dl = torch.utils.data.DataLoader(
    datasets.FashionMNIST('.', download=True, transform=transforms.ToTensor()), batch_size=64, shuffle=True)
model, ce = SENet(), nn.CrossEntropyLoss()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(2):
    for x, y in dl:
        opt.zero_grad()
        ce(model(x), y).backward()
        opt.step()
