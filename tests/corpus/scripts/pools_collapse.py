import torch
from torch import nn
from torchvision import datasets, transforms


def block(cin, cout):
    return nn.Sequential(
        nn.Conv2d(cin, cout, kernel_size=3, padding="same"),
        nn.BatchNorm2d(cout),
        nn.LeakyReLU(0.1),
        nn.MaxPool2d(kernel_size=2),
    )


net = nn.Sequential(
    block(1, 8),
    block(8, 16),
    block(16, 32),
    block(32, 64),
    block(64, 64),
    nn.Flatten(),
    nn.Linear(64, 10),
)

ds = datasets.KMNIST("data", train=True, download=True, transform=transforms.ToTensor())
for x, y in torch.utils.data.DataLoader(ds, batch_size=16, shuffle=True):
    print(net(x).shape)
    break
