import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms
from torch.utils.data import DataLoader

norm = transforms.Normalize((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))
train_loader = DataLoader(
    datasets.CIFAR10('data', train=True, download=True,
                     transform=transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor(), norm])),
    batch_size=64, shuffle=True)
valid_loader = DataLoader(
    datasets.CIFAR10('data', train=False, download=True,
                     transform=transforms.Compose([transforms.ToTensor(), norm])),
    batch_size=256)


class FourConv(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 32, 3, padding=1)
        self.conv3 = nn.Conv2d(32, 64, 3, padding=1)
        self.conv4 = nn.Conv2d(64, 64, 3, padding=1)
        self.drop = nn.Dropout2d(0.2)
        self.fc = nn.Linear(64 * 8 * 8, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.max_pool2d(x, 2)
        x = self.drop(x)
        x = self.conv3(x)
        x = self.conv4(x)
        x = F.relu(x)
        x = F.max_pool2d(x, 2)
        return self.fc(self.drop(x).flatten(1))


model = FourConv()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)

def run_epoch(loader, training):
    model.train(training)
    total, right = 0.0, 0
    with torch.set_grad_enabled(training):
        for x, y in loader:
            logits = model(x)
            loss = F.cross_entropy(logits, y)
            if training:
                opt.zero_grad()
                loss.backward()
                opt.step()
            total += loss.item() * len(y)
            right += (logits.argmax(1) == y).sum().item()
    n = len(loader.dataset)
    return total / n, right / n

for epoch in range(10):
    tl, ta = run_epoch(train_loader, True)
    vl, va = run_epoch(valid_loader, False)
    print(f'{epoch:2d}  train {tl:.3f} {ta:.3f}   valid {vl:.3f} {va:.3f}')
