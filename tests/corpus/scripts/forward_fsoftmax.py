import sys
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import EuroSAT


class SatNet(nn.Module):
    def __init__(self, n_bands=3, n_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(n_bands, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.conv3 = nn.Conv2d(64, 128, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.bn2 = nn.BatchNorm2d(64)
        self.bn3 = nn.BatchNorm2d(128)
        self.fc1 = nn.Linear(128 * 8 * 8, 128)
        self.fc2 = nn.Linear(128, n_classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.max_pool2d(F.relu(self.bn2(self.conv2(x))), 2)
        x = F.max_pool2d(F.relu(self.bn3(self.conv3(x))), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return F.softmax(self.fc2(x), dim=1)


def train_one_epoch(model, loader, optimizer, device, log_every=50):
    model.train()
    for it, (tiles, land_use) in enumerate(loader):
        tiles, land_use = tiles.to(device), land_use.to(device)
        out = model(tiles)
        loss = F.cross_entropy(out, land_use)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        if it % log_every == 0:
            print(f"  it {it:4d}  loss {loss.item():.4f}", file=sys.stderr)


def validate(model, loader, device):
    model.eval()
    n_right, n = 0, 0
    with torch.no_grad():
        for tiles, land_use in loader:
            guess = model(tiles.to(device)).argmax(dim=1).cpu()
            n_right += int((guess == land_use).sum())
            n += land_use.numel()
    return n_right / n


def main(root="eurosat", epochs=20):
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    data = EuroSAT(root, transform=transforms.ToTensor(), download=True)
    gen = torch.Generator().manual_seed(0)
    train, val = torch.utils.data.random_split(data, [0.8, 0.2], generator=gen)
    train_loader = DataLoader(train, batch_size=64, shuffle=True, num_workers=4)
    val_loader = DataLoader(val, batch_size=256, num_workers=4)
    model = SatNet().to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
    for epoch in range(epochs):
        train_one_epoch(model, train_loader, optimizer, device)
        print(epoch, validate(model, val_loader, device))


if __name__ == "__main__":
    main()
