import pytorch_lightning as pl
import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms


class ManualNet(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.automatic_optimization = False
        self.conv = nn.Sequential(nn.Conv2d(3, 64, 4, 2, 1), nn.LeakyReLU(0.1), nn.Conv2d(64, 64, 4, 2, 1), nn.LeakyReLU(0.1))
        self.cls = nn.Linear(64 * 8 * 8, 10)

    def forward(self, x):
        return self.cls(self.conv(x).flatten(1))

    def training_step(self, batch, batch_idx):
        opt = self.optimizers()
        x, y = batch
        loss = F.cross_entropy(self(x), y)
        self.manual_backward(loss)
        opt.step()
        self.log('loss', loss, prog_bar=True)

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=2e-4, betas=(0.5, 0.999))


dl = torch.utils.data.DataLoader(
    datasets.SVHN('svhn', split='train', download=True, transform=transforms.ToTensor()), batch_size=128, shuffle=True)
pl.Trainer(max_epochs=3).fit(ManualNet(), dl)
