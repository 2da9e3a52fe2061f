import string
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import EMNIST
from torchvision.transforms import ToTensor


class Const:
    ALPHABET = string.ascii_uppercase
    BATCH = 512
    STEPS = 2000
    LR = 1e-3


class CharNet(nn.Module):
    n_out = len(Const.ALPHABET)

    def __init__(self) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(1, 20, 5)
        self.c2 = nn.Conv2d(20, 40, 5)
        self.f1 = nn.Linear(640, 100)
        self.f2 = nn.Linear(100, self.n_out)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = nn.functional.max_pool2d(self.c1(x).relu(), 2)
        x = nn.functional.max_pool2d(self.c2(x).relu(), 2)
        return self.f2(self.f1(x.flatten(1)).relu())


loader = DataLoader(EMNIST(".", split="balanced", train=True, download=True, transform=ToTensor()), Const.BATCH, shuffle=True)
net = CharNet()
opt = torch.optim.Adam(net.parameters(), Const.LR)
step = 0
for epoch in range(10):
    for x, y in loader:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        opt.step()
        step += 1
        if step >= Const.STEPS:
            raise SystemExit
