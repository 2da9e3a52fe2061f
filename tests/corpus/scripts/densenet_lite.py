import math
import torch
import torch.nn as nn
import torch.nn.functional as F


class DenseLayer(nn.Module):
    def __init__(self, c_in, growth, bn_size=4, p=0.0):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(c_in)
        self.conv1 = nn.Conv2d(c_in, bn_size * growth, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(bn_size * growth)
        self.conv2 = nn.Conv2d(bn_size * growth, growth, 3, padding=1, bias=False)
        self.p = p

    def forward(self, feats):
        x = torch.cat(feats, 1)
        y = self.conv1(F.relu(self.norm1(x)))
        y = self.conv2(F.relu(self.norm2(y)))
        return F.dropout(y, self.p, training=self.training) if self.p > 0 else y


class DenseBlock(nn.Module):
    def __init__(self, n, c_in, growth, p):
        super().__init__()
        self.layers = nn.ModuleDict({f"layer{i}": DenseLayer(c_in + i * growth, growth, p=p) for i in range(n)})

    def forward(self, x):
        feats = [x]
        for layer in self.layers.values():
            feats.append(layer(feats))
        return torch.cat(feats, 1)


class DenseNet(nn.Module):
    def __init__(self, growth=12, blocks=(4, 4, 4), compression=0.5, n_classes=10, p=0.1):
        super().__init__()
        c = 2 * growth
        self.features = nn.Sequential()
        self.features.add_module("conv0", nn.Conv2d(3, c, 3, padding=1, bias=False))
        for i, n in enumerate(blocks):
            self.features.add_module(f"dense{i}", DenseBlock(n, c, growth, p))
            c += n * growth
            if i < len(blocks) - 1:
                out = math.floor(c * compression)
                self.features.add_module(f"trans{i}", nn.Sequential(
                    nn.BatchNorm2d(c), nn.ReLU(inplace=True), nn.Conv2d(c, out, 1, bias=False), nn.AvgPool2d(2)))
                c = out
        self.features.add_module("norm", nn.BatchNorm2d(c))
        self.fc = nn.Linear(c, n_classes)

    def forward(self, x):
        x = F.relu(self.features(x))
        return self.fc(F.adaptive_avg_pool2d(x, 1).view(x.size(0), -1))


model = DenseNet()
print(model(torch.zeros(2, 3, 32, 32)).shape)
