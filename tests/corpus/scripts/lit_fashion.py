import pytorch_lightning as pl
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, random_split
from torchvision import transforms
from torchvision.datasets import FashionMNIST


class FashionData(pl.LightningDataModule):
    def __init__(self, root: str = ".", batch_size: int = 128):
        super().__init__()
        self.root = root
        self.batch_size = batch_size
        self.transform = transforms.Compose(
            [transforms.ToTensor(), transforms.Normalize((0.2860,), (0.3530,))]
        )

    def prepare_data(self):
        FashionMNIST(self.root, train=True, download=True)
        FashionMNIST(self.root, train=False, download=True)

    def setup(self, stage=None):
        full = FashionMNIST(self.root, train=True, transform=self.transform)
        self.train_set, self.val_set = random_split(full, [55000, 5000])
        self.test_set = FashionMNIST(self.root, train=False, transform=self.transform)

    def train_dataloader(self):
        return DataLoader(self.train_set, batch_size=self.batch_size, shuffle=True)

    def val_dataloader(self):
        return DataLoader(self.val_set, batch_size=self.batch_size)

    def test_dataloader(self):
        return DataLoader(self.test_set, batch_size=self.batch_size)


class LitFashion(pl.LightningModule):
    def __init__(self, width: int = 32, learning_rate: float = 1e-3):
        super().__init__()
        self.save_hyperparameters()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, width, 3),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(width, width * 2, 3),
            nn.BatchNorm2d(width * 2),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.head = nn.Linear(width * 2 * 7 * 7, 10)

    def forward(self, x):
        z = self.encoder(x)
        return self.head(z.flatten(start_dim=1))

    def training_step(self, batch, batch_idx):
        x, y = batch
        loss = F.cross_entropy(self(x), y)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, batch_idx):
        x, y = batch
        logits = self(x)
        acc = (logits.argmax(dim=-1) == y).float().mean()
        self.log_dict({"val_loss": F.cross_entropy(logits, y), "val_acc": acc}, prog_bar=True)

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), lr=self.hparams.learning_rate)


if __name__ == "__main__":
    pl.seed_everything(42)
    trainer = pl.Trainer(max_epochs=5, accelerator="auto")
    trainer.fit(LitFashion(), datamodule=FashionData())
