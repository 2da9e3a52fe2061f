import lightning as L
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class LitSTL(L.LightningModule):
    def __init__(self, lr=2e-3):
        super().__init__()
        self.lr = lr
        self.body = nn.Sequential(
            nn.Conv2d(3, 32, 5, stride=2, padding=2), nn.ReLU(),
            nn.Conv2d(32, 64, 3, stride=2, padding=1), nn.ReLU(),
            nn.Conv2d(64, 128, 3, stride=2, padding=1), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
        )
        self.head = nn.Sequential(
            nn.Linear(128, 256),
            nn.BatchNorm1d(256),
            nn.Dropout(0.4),
            nn.Linear(256, 10),
        )
        self.loss = nn.CrossEntropyLoss()

    def forward(self, x):
        return self.head(self.body(x))

    def _step(self, batch):
        x, y = batch
        out = self(x)
        return self.loss(out, y), (out.argmax(1) == y).float().mean()

    def training_step(self, batch, _):
        loss, acc = self._step(batch)
        self.log("train/acc", acc, prog_bar=True)
        return loss

    def validation_step(self, batch, _):
        loss, acc = self._step(batch)
        self.log("val/loss", loss)
        self.log("val/acc", acc)

    def configure_optimizers(self):
        opt = torch.optim.AdamW(self.parameters(), lr=self.lr)
        sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=self.trainer.max_epochs)
        return {"optimizer": opt, "lr_scheduler": sched}


t = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.447, 0.440, 0.407), (0.260, 0.257, 0.271))])
train = DataLoader(datasets.STL10("stl", split="train", transform=t, download=True), batch_size=64, shuffle=True)
val = DataLoader(datasets.STL10("stl", split="test", transform=t, download=True), batch_size=128)
model = LitSTL()
L.Trainer(max_epochs=30).fit(model, train, val)
