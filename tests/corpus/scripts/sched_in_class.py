from pathlib import Path
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import models
from torchvision.datasets import EuroSAT
from torchvision.transforms import v2


class Finetuner:
    def __init__(self, root: Path, epochs: int = 6, max_lr: float = 3e-3, batch: int = 64):
        tf = v2.Compose([
            v2.ToImage(), v2.RandomVerticalFlip(), v2.ToDtype(torch.float32, scale=True),
            v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        ])
        self.loader = DataLoader(EuroSAT(root, transform=tf, download=True), batch, shuffle=True, drop_last=True)
        self.net = models.resnet18(weights="IMAGENET1K_V1")
        self.net.fc = nn.Linear(self.net.fc.in_features, 10)
        self.epochs = epochs
        self.opt = torch.optim.AdamW(self.net.parameters(), lr=max_lr / 25)
        self.sched = torch.optim.lr_scheduler.OneCycleLR(
            self.opt, max_lr=max_lr, total_steps=epochs * len(self.loader))
        self.loss = nn.CrossEntropyLoss()

    def fit(self):
        self.net.train()
        for epoch in range(self.epochs):
            for x, y in self.loader:
                self.opt.zero_grad()
                loss = self.loss(self.net(x), y)
                loss.backward()
                self.sched.step()
                self.opt.step()
            print(f"epoch {epoch}: loss {loss.item():.3f} lr {self.sched.get_last_lr()[0]:.2e}")


Finetuner(Path("eurosat")).fit()
