import lightning as L
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


def build_tf(train: bool):
    ops = [transforms.ToTensor()]
    if train:
        ops = [transforms.RandomAffine(10, translate=(0.1, 0.1))] + ops
        ops.append(transforms.Normalize((0.1918,), (0.3483,)))
    return transforms.Compose(ops)


class KanaDM(L.LightningDataModule):
    def __init__(self, bs=128):
        super().__init__()
        self.bs = bs

    def setup(self, stage):
        self.ds_fit = datasets.KMNIST("kmnist", train=True, transform=build_tf(True), download=True)
        self.ds_test = datasets.KMNIST("kmnist", train=False, transform=build_tf(False), download=True)

    def train_dataloader(self):
        return DataLoader(self.ds_fit, self.bs, shuffle=True)

    def val_dataloader(self):
        return DataLoader(self.ds_test, self.bs)


class Kana(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(nn.Conv2d(1, 32, 5, 2), nn.ReLU(), nn.Conv2d(32, 64, 5, 2), nn.ReLU(), nn.Flatten(), nn.Linear(1024, 10))

    def training_step(self, batch, i):
        x, y = batch
        return nn.functional.cross_entropy(self.f(x), y)

    def validation_step(self, batch, i):
        x, y = batch
        self.log("acc", (self.f(x).argmax(1) == y).float().mean())

    def configure_optimizers(self):
        return torch.optim.RAdam(self.parameters(), 1e-3)


dm = KanaDM()
L.Trainer(max_epochs=4).fit(Kana(), dm)
