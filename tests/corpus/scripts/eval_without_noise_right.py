import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 10, 5)
        self.c2 = nn.Conv2d(10, 20, 5)
        self.f1 = nn.Linear(320, 50)
        self.f2 = nn.Linear(50, 10)

    def forward(self, x):
        x = nn.functional.max_pool2d(self.c1(x), 2).relu()
        x = nn.functional.max_pool2d(self.c2(x), 2).relu()
        return self.f2(self.f1(x.view(x.shape[0], -1)).relu())


tf = transforms.ToTensor()
train_loader = DataLoader(datasets.KMNIST("d", train=True, download=True, transform=tf), 64, shuffle=True)
test_loader = DataLoader(datasets.KMNIST("d", train=False, download=True, transform=tf), 1000)
net, crit = Plain(), nn.CrossEntropyLoss()
opt = torch.optim.Adadelta(net.parameters(), lr=1.0)
for epoch in range(3):
    running = 0.0
    for x, y in train_loader:
        for p in net.parameters():
            p.grad = None
        loss = crit(net(x), y)
        loss.backward()
        opt.step()
        running += float(loss)
    with torch.no_grad():
        right = sum((net(x).argmax(1) == y).sum().item() for x, y in test_loader)
    print(epoch, running / len(train_loader), right / 10000)
