import torch
from torch import nn
from torchvision import datasets, transforms

class SkipNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Sequential(nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.b = nn.Sequential(nn.Conv2d(32, 64, 3, padding=1), nn.ReLU())
        self.c = nn.Sequential(nn.MaxPool2d(2), nn.Flatten(), nn.Linear(64 * 7 * 7, 10))

    def forward(self, x):
        x = self.a(x)
        x = self.b(x) + x  # residual connection
        return self.c(x)

kmnist = datasets.KMNIST("~/data", train=True, download=True, transform=transforms.ToTensor())
batches = iter(torch.utils.data.DataLoader(kmnist, batch_size=32, shuffle=True))
net, step = SkipNet(), 0
optim = torch.optim.AdamW(net.parameters(), lr=3e-4)
while (batch := next(batches, None)) is not None and step < 500:
    x, y = batch
    optim.zero_grad()
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()
    optim.step()
    if (step := step + 1) % 50 == 0:
        print(f"{step=} {loss.item()=:.3f}")
