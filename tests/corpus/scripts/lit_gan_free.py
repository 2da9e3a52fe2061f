import lightning as L
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader
from torchvision import models
from torchvision.datasets import ImageFolder


class Tuner(L.LightningModule):
    def __init__(self, n=2, lr=1e-3):
        super().__init__()
        self.automatic_optimization = False
        self.lr = lr
        weights = models.ResNet18_Weights.DEFAULT
        net = models.resnet18(weights=weights)
        self.trunk = nn.Sequential(*list(net.children())[:-1])
        self.trunk.requires_grad_(False)
        self.tf = weights.transforms()
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(512, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, n))

    def on_train_epoch_start(self):
        self.trunk.eval()

    def forward(self, x):
        with torch.no_grad():
            z = self.trunk(x)
        return self.head(z)

    def training_step(self, batch, _):
        x, y = batch
        opt = self.optimizers()
        loss = F.cross_entropy(self(x), y)
        opt.zero_grad()
        self.manual_backward(loss)
        opt.step()
        self.log("loss", loss)

    def predict_step(self, batch, _):
        return self(batch[0]).softmax(-1)

    def train_dataloader(self):
        return DataLoader(ImageFolder("tiles", self.tf), batch_size=8, shuffle=True)

    def predict_dataloader(self):
        return DataLoader(ImageFolder("tiles", self.tf), batch_size=8)

    def configure_optimizers(self):
        return torch.optim.Adam(self.head.parameters(), lr=self.lr)


module, trainer = Tuner(), L.Trainer(max_epochs=3)
trainer.fit(module)
print(torch.cat(trainer.predict(module)).sum(1))
