import torch
import torch.nn as nn

PLAN = [(32, 2), (64, 2), (128, 2)]


def build(batch_norm=True, classes=10):
    layers, c_in = [], 3
    for c_out, repeat in PLAN:
        for _ in range(repeat):
            layers += [nn.Conv2d(c_in, c_out, 3, padding=1)]
            if batch_norm:
                layers += [nn.BatchNorm2d(c_out)]
            else:
                layers += [nn.ReLU(inplace=True)]
            c_in = c_out
        layers += [nn.MaxPool2d(2)]
    layers += [nn.Flatten(), nn.Linear(128 * 4 * 4, 256), nn.ReLU(inplace=True), nn.Linear(256, classes)]
    return nn.Sequential(*layers)


net = build()
print(net)
print(net(torch.randn(4, 3, 32, 32)).shape)
