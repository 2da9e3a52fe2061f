from collections import OrderedDict
import torch
from torch import nn

backbone = nn.Sequential(OrderedDict([
    ('conv0', nn.Conv2d(1, 32, 5, stride=2)),
    ('relu0', nn.ReLU()),
    ('conv1', nn.Conv2d(32, 64, 5, stride=2)),
    ('relu1', nn.ReLU()),
    ('flat', nn.Flatten()),
]))
head = nn.Sequential(OrderedDict([
    ('fc0', nn.Linear(64 * 4 * 4, 256)),
    ('bn', nn.BatchNorm1d(512)),
    ('relu2', nn.ReLU()),
    ('fc1', nn.Linear(256, 10)),
]))
digits = nn.Sequential(backbone, head)

images = torch.rand(16, 1, 28, 28)
print(digits(images).shape)
