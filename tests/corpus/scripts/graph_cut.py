import torch
from torch import nn
from torchvision import datasets, transforms


class Enc(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())

    def forward(self, x):
        return self.net(x)


enc, head = Enc(), nn.Linear(16 * 13 * 13, 10)
params = list(enc.parameters()) + list(head.parameters())
opt = torch.optim.Adam(params, lr=1e-3)
ce = nn.CrossEntropyLoss()
dl = torch.utils.data.DataLoader(
    datasets.MNIST("data", train=True, transform=transforms.ToTensor(), download=True), 64, shuffle=True)
for epoch in range(2):
    for x, y in dl:
        loss = ce(head(enc(x)), y)
        l2 = sum((p ** 2).sum() for p in params)
        total = torch.tensor(loss.item() + 1e-4 * l2.item(), requires_grad=True)
        opt.zero_grad()
        total.backward()
        opt.step()
