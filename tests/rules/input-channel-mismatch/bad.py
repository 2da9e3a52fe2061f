import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

loader = DataLoader(datasets.FashionMNIST("d", transform=transforms.ToTensor()), batch_size=8, shuffle=True)
net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10))
for x, y in loader:
    print(net(x).shape)
    break
