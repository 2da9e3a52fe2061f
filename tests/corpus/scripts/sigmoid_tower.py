import torch
import torch.nn as nn
from torchvision import datasets, transforms

class SigmoidNet(nn.Module):
    """As in the lecture: each neuron computes sigma(Wx + b)."""
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), nn.Sigmoid(),
            nn.Conv2d(8, 16, 3, padding=1), nn.Sigmoid(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 16, 3, padding=1), nn.Sigmoid(),
            nn.Conv2d(16, 32, 3, padding=1), nn.Sigmoid(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(32 * 7 * 7, 256), nn.Sigmoid(),
            nn.Linear(256, 128), nn.Sigmoid(),
            nn.Linear(128, 64), nn.Sigmoid(),
            nn.Linear(64, 10),
        )

    def forward(self, x):
        return self.net(x)

train = torch.utils.data.DataLoader(
    datasets.MNIST('.', train=True, download=True, transform=transforms.ToTensor()),
    batch_size=32, shuffle=True)
model = SigmoidNet()
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(1, 11):
    for x, y in train:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        opt.step()
    print("epoch", epoch, "loss", loss.item())
