import time
import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision.datasets import SVHN
from torchvision import transforms


class HouseNumbers(nn.Module):
    def __init__(self):
        super().__init__()
        self.seq = nn.Sequential(
            nn.Conv2d(3, 32, 3), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(64 * 36, 10))

    def forward(self, x):
        return self.seq(x)


class Trainer:
    def __init__(self, model, criterion, optimizer, train_loader, val_loader):
        self.model, self.criterion, self.optimizer = model, criterion, optimizer
        self.train_loader, self.val_loader = train_loader, val_loader
        self.log = []

    def _train(self):
        self.model.train()
        total = 0.0
        for images, labels in self.train_loader:
            self.optimizer.zero_grad()
            outputs = self.model(images)
            loss = self.criterion(labels, outputs)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(self.train_loader)

    @torch.no_grad()
    def _validate(self):
        self.model.eval()
        hits = 0
        for images, labels in self.val_loader:
            hits += (self.model(images).argmax(1) == labels).sum().item()
        return hits / len(self.val_loader.dataset)

    def run(self, epochs):
        for epoch in range(epochs):
            t0 = time.time()
            tl, va = self._train(), self._validate()
            self.log.append((tl, va))
            print(f'{epoch:02d} loss={tl:.4f} val={va:.4f} ({time.time() - t0:.1f}s)')


tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((.5, .5, .5), (.5, .5, .5))])
m = HouseNumbers()
Trainer(m, nn.CrossEntropyLoss(), torch.optim.Adam(m.parameters(), 1e-3),
        DataLoader(SVHN('.', 'train', transform=tf, download=True), 128, shuffle=True),
        DataLoader(SVHN('.', 'test', transform=tf, download=True), 256)).run(3)
