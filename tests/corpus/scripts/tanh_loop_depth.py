import torch
import torch.nn as nn
from torchvision.datasets import CIFAR10
from torchvision.transforms import ToTensor
from torch.utils.data import DataLoader


class DeepStack(nn.Module):
    def __init__(self, depth=10, width=32):
        super().__init__()
        self.stem = nn.Conv2d(3, width, 3, stride=2, padding=1)
        self.convs = nn.ModuleList([nn.Conv2d(width, width, 3, padding=1) for _ in range(depth)])
        self.fc = nn.Linear(width, 10)

    def forward(self, x):
        x = torch.sigmoid(self.stem(x))
        for conv in self.convs:
            x = torch.sigmoid(conv(x))
        x = x.mean(dim=(2, 3))
        return self.fc(x)


model = DeepStack()
loader = DataLoader(CIFAR10('./data', train=True, transform=ToTensor(), download=True), batch_size=128, shuffle=True)
optimizer = torch.optim.Adam(model.parameters(), lr=3e-4)
for epoch in range(5):
    for inputs, targets in loader:
        loss = nn.functional.cross_entropy(model(inputs), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
