import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


def row_shift(maps: np.ndarray, k: int = 1) -> np.ndarray:
    """Average every map with itself shifted by k rows; makes strokes thicker."""
    return 0.5 * (maps + np.roll(maps, k, axis=2))


class ShiftNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc = nn.Linear(32 * 7 * 7, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = torch.from_numpy(row_shift(x.detach().cpu().numpy())).to(x.device)
        x = F.max_pool2d(x, 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(x.flatten(1))


device = 'cuda' if torch.cuda.is_available() else 'cpu'
model = ShiftNet().to(device)
train_loader = DataLoader(datasets.KMNIST('kmnist', download=True, transform=transforms.ToTensor()), batch_size=128, shuffle=True)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(5):
    for image, label in train_loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(image.to(device)), label.to(device))
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
