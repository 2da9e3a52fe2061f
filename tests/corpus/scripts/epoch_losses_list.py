import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import CIFAR100
from torchvision.transforms import Compose, Normalize, RandomHorizontalFlip, ToTensor

MEAN, STD = (0.507, 0.487, 0.441), (0.267, 0.256, 0.276)


class GhostlessNet(nn.Module):
    def __init__(self, width=48, n=100):
        super().__init__()
        c = width
        self.body = nn.Sequential(
            nn.Conv2d(3, c, 3, padding=1), nn.GELU(), nn.AvgPool2d(2),
            nn.Conv2d(c, 2 * c, 3, padding=1), nn.GELU(), nn.AvgPool2d(2),
            nn.Conv2d(2 * c, 4 * c, 3, padding=1), nn.GELU(), nn.AdaptiveAvgPool2d(1),
        )
        self.readout = nn.Linear(4 * c, n)

    def forward(self, x):
        return self.readout(self.body(x).squeeze(-1).squeeze(-1))


net = GhostlessNet()
opt = torch.optim.AdamW(net.parameters(), lr=6e-4)
dl = DataLoader(CIFAR100("data", transform=Compose([RandomHorizontalFlip(), ToTensor(), Normalize(MEAN, STD)]), download=True),
                batch_size=200, shuffle=True)
ce = nn.CrossEntropyLoss()

for epoch in range(25):
    epoch_losses = []
    for x, y in dl:
        opt.zero_grad(set_to_none=True)
        loss = ce(net(x), y)
        loss.backward()
        opt.step()
        epoch_losses.append(loss)
    print(f"epoch {epoch:3d}  mean loss {torch.stack(epoch_losses).mean():.4f}")
