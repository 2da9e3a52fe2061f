from dataclasses import dataclass, field
import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


@dataclass
class Config:
    lr: float = 5e-4
    batch_size: int = 64
    epochs: int = 4
    channels: list = field(default_factory=lambda: [1, 16, 32])
    hidden: int = 100
    num_classes: int = 10


class CNN(nn.Module):
    def __init__(self, cfg: Config):
        super().__init__()
        c0, c1, c2 = cfg.channels
        self.conv1 = nn.Conv2d(c0, c1, 3, 1, 1)
        self.conv2 = nn.Conv2d(c1, c2, 3, 1, 1)
        self.pool = nn.MaxPool2d(2)
        self.act = nn.GELU()
        self.fc1 = nn.Linear(c2 * 7 * 7, cfg.hidden)
        self.fc2 = nn.Linear(cfg.hidden, cfg.num_classes)

    def forward(self, x):
        x = self.pool(self.act(self.conv1(x)))
        x = self.pool(self.act(self.conv2(x)))
        x = torch.flatten(x)
        x = self.act(self.fc1(x))
        return self.fc2(x)


class Trainer:
    def __init__(self, cfg: Config):
        self.cfg = cfg
        self.model = CNN(cfg)
        self.opt = torch.optim.Adam(self.model.parameters(), lr=cfg.lr)
        self.loss_fn = nn.CrossEntropyLoss()
        to_tensor = transforms.ToTensor()
        self.train_dl = DataLoader(datasets.MNIST("data", True, to_tensor, download=True), cfg.batch_size, True)
        self.test_dl = DataLoader(datasets.MNIST("data", False, to_tensor, download=True), cfg.batch_size)

    def fit(self):
        for epoch in range(self.cfg.epochs):
            self.model.train()
            for x, y in self.train_dl:
                loss = self.loss_fn(self.model(x), y)
                self.opt.zero_grad()
                loss.backward()
                self.opt.step()
            print(f"epoch {epoch}: test accuracy {self.score():.2%}")

    @torch.no_grad()
    def score(self):
        self.model.eval()
        good = sum((self.model(x).argmax(1) == y).sum().item() for x, y in self.test_dl)
        return good / len(self.test_dl.dataset)


Trainer(Config()).fit()
