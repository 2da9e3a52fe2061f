import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, padding=1)
        self.fc = nn.Linear(4 * 28 * 28, 10)

    def forward(self, x):
        x = F.relu(self.conv(x))
        x = torch.flatten(x)
        return self.fc(x)

from torchvision import datasets, transforms

loader = torch.utils.data.DataLoader(datasets.MNIST("d", transform=transforms.ToTensor()), batch_size=16, shuffle=True)
for images, labels in loader:
    Net()(images)
