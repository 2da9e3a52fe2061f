import torch
import torch.nn as nn


class Tiny(nn.Module):
    def __init__(self, n_classes):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2))
        self.classifier = nn.Linear(1000, n_classes)

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), start_dim=1))
