import torch, torch.nn as nn
from torchvision import datasets, transforms

m = nn.Sequential(nn.Conv2d(3, 20, 5), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten(), nn.Linear(980, 10), nn.LogSoftmax(1))
o = torch.optim.Adam(m.parameters())
d = datasets.CIFAR10('/tmp/cifar', download=True, transform=transforms.ToTensor())
for x, y in torch.utils.data.DataLoader(d, 256, shuffle=True, drop_last=True):
    o.zero_grad()
    nn.functional.cross_entropy(m(x), y).backward()
    o.step()
