import torch
from torch import nn, optim
from torch.nn import functional as F
from torch.utils.data import DataLoader
from torchvision.datasets import FashionMNIST
from torchvision.transforms import ToTensor


class Wardrobe(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 16, 3)
        self.c2 = nn.Conv2d(16, 32, 3)
        self.l1 = nn.Linear(32 * 25, 64)
        self.l2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.max_pool2d(self.c1(x).relu(), 2)
        x = F.max_pool2d(self.c2(x).relu(), 2)
        x = F.dropout(x.flatten(1), p=0.25)
        return self.l2(self.l1(x).relu())


def evaluate(net, loader):
    net.eval()
    good = n = 0
    with torch.inference_mode():
        for x, y in loader:
            good += (net(x).argmax(-1) == y).sum().item()
            n += len(y)
    return good / n


model = Wardrobe()
opt = optim.RMSprop(model.parameters(), lr=1e-3)
train_dl = DataLoader(FashionMNIST("d", train=True, transform=ToTensor(), download=True), 64, True)
test_dl = DataLoader(FashionMNIST("d", train=False, transform=ToTensor(), download=True), 256)
for epoch in range(3):
    model.train()
    for x, y in train_dl:
        opt.zero_grad()
        F.cross_entropy(model(x), y).backward()
        opt.step()
    print(evaluate(model, test_dl))
