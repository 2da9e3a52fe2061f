import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

tf = transforms.ToTensor()
train_loader = DataLoader(datasets.CIFAR10("d", train=True, transform=tf), batch_size=64, shuffle=True)
test_loader = DataLoader(datasets.CIFAR10("d", train=False, transform=tf), batch_size=64, shuffle=True)
net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10))
opt = torch.optim.Adam(net.parameters())


def run(loader):
    for x, y in loader:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()


for epoch in range(5):
    run(train_loader)
    run(test_loader)
