import torch
from torch import nn
from torch.utils.data import DataLoader
import torchvision
from torchvision.transforms import Compose, Resize, ToTensor

def load_data(batch_size, resize=None):
    trans = [ToTensor()]
    if resize:
        trans.insert(0, Resize(resize))
    trans = Compose(trans)
    train = torchvision.datasets.FashionMNIST('../data', train=True, transform=trans, download=True)
    test = torchvision.datasets.FashionMNIST('../data', train=False, transform=trans, download=True)
    return DataLoader(train, batch_size, shuffle=True), DataLoader(test, batch_size, shuffle=False)

def vgg_block(num_convs, in_channels, out_channels):
    layers = []
    for _ in range(num_convs):
        layers.append(nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1))
        layers.append(nn.ReLU())
        in_channels = out_channels
    layers.append(nn.MaxPool2d(2, 2))
    return nn.Sequential(*layers)

def vgg(conv_arch):
    blks, c = [], 1
    for n, o in conv_arch:
        blks.append(vgg_block(n, c, o))
        c = o
    return nn.Sequential(*blks, nn.Flatten(), nn.Linear(c * 7 * 7, 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, 10))

net = vgg(((1, 16), (1, 32), (2, 64), (2, 128), (2, 128)))
train_iter, test_iter = load_data(128, resize=96)
opt = torch.optim.SGD(net.parameters(), lr=0.05)
for epoch in range(3):
    for X, y in train_iter:
        opt.zero_grad()
        l = nn.functional.cross_entropy(net(X), y)
        l.backward()
        opt.step()
