import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset
from torchvision import datasets, transforms


class TwoDigits(Dataset):
    """Two MNIST digits side by side; the target says which of the ten digits occur."""

    def __init__(self, train):
        self.base = datasets.MNIST("mnist", train=train, download=True, transform=transforms.ToTensor())

    def __len__(self):
        return len(self.base) // 2

    def __getitem__(self, i):
        (a, ya), (b, yb) = self.base[2 * i], self.base[2 * i + 1]
        y = torch.zeros(10)
        y[[ya, yb]] = 1
        return torch.cat([a, b], dim=2), y


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2))
        self.fc = nn.Linear(32 * 7 * 14, 10)

    def forward(self, x):
        return self.fc(self.f(x).flatten(1))


net = Net()
opt = torch.optim.Adam(net.parameters(), 1e-3)
loss_fn = nn.BCEWithLogitsLoss()
train, test = DataLoader(TwoDigits(True), 64, shuffle=True), DataLoader(TwoDigits(False), 256)
for epoch in range(3):
    net.train()
    for x, y in train:
        opt.zero_grad()
        loss = loss_fn(net(x), y)
        loss.backward()
        opt.step()
    net.eval()
    exact = 0
    with torch.no_grad():
        for x, y in test:
            present = torch.sigmoid(net(x)) > 0.5
            exact += (present == y.bool()).all(dim=1).sum().item()
    print(epoch, exact / len(test.dataset))
