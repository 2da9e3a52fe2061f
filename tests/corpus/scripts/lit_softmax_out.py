import torch
import pytorch_lightning as pl
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader
from torchvision import models
from torchvision.datasets import DTD


class TextureModel(pl.LightningModule):
    def __init__(self, n_textures: int = 47, lr: float = 1e-4):
        super().__init__()
        self.save_hyperparameters()
        weights = models.MobileNet_V3_Small_Weights.DEFAULT
        self.preprocess = weights.transforms()
        self.net = models.mobilenet_v3_small(weights=weights)
        self.net.classifier[3] = nn.Linear(self.net.classifier[3].in_features, n_textures)

    def forward(self, x):
        return torch.softmax(self.net(x), dim=-1)

    def training_step(self, batch, batch_idx):
        images, labels = batch
        probs = self(images)
        loss = F.cross_entropy(probs, labels)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, batch_idx):
        images, labels = batch
        probs = self(images)
        self.log("val_acc", (probs.argmax(1) == labels).float().mean(), prog_bar=True)

    def train_dataloader(self):
        return DataLoader(DTD("dtd", split="train", transform=self.preprocess, download=True), 32, shuffle=True)

    def val_dataloader(self):
        return DataLoader(DTD("dtd", split="val", transform=self.preprocess, download=True), 32)

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=self.hparams.lr)


if __name__ == "__main__":
    pl.Trainer(max_epochs=10, precision="16-mixed").fit(TextureModel())
