import torch
import torch.nn as nn


class LeafNet(nn.Module):
    """Five kinds of leaves, 128 pixels."""

    def __init__(self, n_classes: int = 5):
        super().__init__()
        chans = (3, 32, 64, 128)
        body = []
        for a, b in zip(chans[:-1], chans[1:]):
            body += [nn.Conv2d(a, b, 3, 2, 1), nn.BatchNorm2d(b), nn.GELU()]
        self.body = nn.Sequential(*body)
        self.gap = nn.AdaptiveAvgPool2d((1, 1))
        self.drop = nn.Dropout(p=0.2)
        self.fc = nn.Linear(chans[-1], n_classes)

    def forward(self, img):
        z = self.body(img)
        z = self.gap(z)
        z = self.drop(z)
        return self.fc(z)


print(LeafNet()(torch.zeros(8, 3, 128, 128)).size())
