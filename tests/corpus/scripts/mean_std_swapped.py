from dataclasses import dataclass
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


@dataclass
class Settings:
    mean: tuple = (0.4914, 0.4822, 0.4465)
    std: tuple = (0.2470, 0.2435, 0.2616)
    batch: int = 128
    lr: float = 1e-3
    epochs: int = 12


s = Settings()
train_set = datasets.CIFAR10(
    "cifar", train=True, download=True,
    transform=transforms.Compose([
        transforms.RandomHorizontalFlip(), transforms.ToTensor(), transforms.Normalize(s.std, s.mean)]))
loader = DataLoader(train_set, s.batch, shuffle=True)


class MBlock(nn.Module):
    def __init__(self, c, out, stride):
        super().__init__()
        self.dw = nn.Conv2d(c, c, 3, stride, 1, groups=c, bias=False)
        self.pw = nn.Conv2d(c, out, 1, bias=False)
        self.bn = nn.BatchNorm2d(out)

    def forward(self, x):
        return F.relu6(self.bn(self.pw(self.dw(x))))


net = nn.Sequential(
    nn.Conv2d(3, 32, 3, 1, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU6(),
    MBlock(32, 64, 2), MBlock(64, 128, 2), MBlock(128, 128, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 10))
opt = torch.optim.AdamW(net.parameters(), s.lr)
for epoch in range(s.epochs):
    for x, y in loader:
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(epoch, loss.item())
