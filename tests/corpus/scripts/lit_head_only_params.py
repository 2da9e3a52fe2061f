import pytorch_lightning as pl
import torch
import torch.nn.functional as F
from torch import nn
from torchvision import datasets, transforms


class AgeBucket(pl.LightningModule):
    """FER-2013 faces, seven expressions."""

    def __init__(self, lr=1e-3, hidden=128):
        super().__init__()
        self.save_hyperparameters()
        self.trunk = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(64, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(),
        )
        self.head = nn.Sequential(nn.Linear(64 * 6 * 6, hidden), nn.ReLU(), nn.Linear(hidden, 7))

    def forward(self, x):
        return self.head(self.trunk(x))

    def training_step(self, batch, batch_idx):
        x, y = batch
        loss = F.cross_entropy(self(x), y)
        self.log("train_loss", loss)
        return loss

    def test_step(self, batch, batch_idx):
        x, y = batch
        self.log("test_acc", (self(x).argmax(1) == y).float().mean())

    def configure_optimizers(self):
        optimizer = torch.optim.Adam(self.trunk.parameters(), lr=self.hparams.lr)
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=5, gamma=0.5)
        return [optimizer], [scheduler]


tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.507,), (0.255,))])
train_loader = torch.utils.data.DataLoader(datasets.FER2013("fer", split="train", transform=tf), 64, shuffle=True)
test_loader = torch.utils.data.DataLoader(datasets.FER2013("fer", split="test", transform=tf), 64)

model = AgeBucket()
trainer = pl.Trainer(max_epochs=15)
trainer.fit(model, train_loader)
trainer.test(model, test_loader)
