import torch
from torch import nn
def conv_bn(i, o, s):
    return nn.Sequential(nn.Conv2d(i, o, 3, s, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU6(inplace=True))
net = nn.Sequential(conv_bn(3, 16, 2), conv_bn(16, 32, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(1), nn.Linear(32, 15))
def evaluate(net, loader):
    net.eval()
    correct, seen = 0, 0
    with torch.no_grad():
        for x, y in loader:
            pred = torch.argmax(net(x), 0)
            correct += pred.eq(y).sum().item()
            seen += y.size(0)
    return correct / seen
