import pytorch_lightning as pl
import torch
import torch.nn.functional as F
from pytorch_lightning.callbacks import LearningRateMonitor, ModelCheckpoint
from torch import nn
from torch.utils.data import DataLoader
from torchmetrics import Accuracy
from torchvision import datasets, transforms


class SVHNModule(pl.LightningDataModule):
    mean, std = (0.4377, 0.4438, 0.4728), (0.1980, 0.2010, 0.1970)

    def __init__(self, root="svhn", batch_size=128):
        super().__init__()
        self.root, self.batch_size = root, batch_size

    def setup(self, stage=None):
        tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize(self.mean, self.std)])
        self.train = datasets.SVHN(self.root, split="train", transform=tf, download=True)
        self.test = datasets.SVHN(self.root, split="test", transform=tf, download=True)

    def train_dataloader(self):
        return DataLoader(self.train, self.batch_size, shuffle=True, num_workers=4)

    def val_dataloader(self):
        return DataLoader(self.test, self.batch_size, num_workers=4)


class LitCNN(pl.LightningModule):
    def __init__(self, max_lr=0.1, steps=1000, dropout=0.2):
        super().__init__()
        self.save_hyperparameters()
        self.features = nn.Sequential(*[
            layer
            for cin, cout in ((3, 32), (32, 64), (64, 128))
            for layer in (nn.Conv2d(cin, cout, 3, padding=1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(), nn.MaxPool2d(2))
        ])
        self.head = nn.Sequential(nn.Flatten(), nn.Dropout(dropout), nn.Linear(128 * 4 * 4, 10))
        self.val_acc = Accuracy(task="multiclass", num_classes=10)

    def forward(self, x):
        return self.head(self.features(x))

    def training_step(self, batch, batch_idx):
        x, y = batch
        loss = F.cross_entropy(self(x), y)
        self.log("train/loss", loss)
        return loss

    def validation_step(self, batch, batch_idx):
        x, y = batch
        logits = self(x)
        self.val_acc(logits, y)
        self.log("val/loss", F.cross_entropy(logits, y))

    def on_validation_epoch_end(self):
        self.log("val/acc", self.val_acc.compute(), prog_bar=True)
        self.val_acc.reset()

    def predict_step(self, batch, batch_idx):
        x, _ = batch
        return self(x).softmax(dim=1)

    def configure_optimizers(self):
        opt = torch.optim.SGD(self.parameters(), lr=self.hparams.max_lr / 25, momentum=0.9)
        sched = torch.optim.lr_scheduler.OneCycleLR(opt, self.hparams.max_lr, total_steps=self.hparams.steps)
        return {"optimizer": opt, "lr_scheduler": {"scheduler": sched, "interval": "step"}}


if __name__ == "__main__":
    pl.seed_everything(1)
    trainer = pl.Trainer(max_epochs=5, callbacks=[ModelCheckpoint(monitor="val/acc", mode="max"), LearningRateMonitor()])
    trainer.fit(LitCNN(), SVHNModule())
