import torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import models
from torchvision.datasets import MNIST
from torchvision.transforms import v2

preprocess = v2.Compose([
    v2.ToImage(),
    v2.Resize((96, 96)),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize([0.5], [0.5]),
])

train_dl = DataLoader(MNIST("~/data", train=True, transform=preprocess, download=True), batch_size=64, shuffle=True)

net = models.mobilenet_v3_small(weights=None)
net.classifier[3] = nn.Linear(net.classifier[3].in_features, 10)

criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(net.parameters(), lr=3e-4)

for epoch in range(3):
    net.train()
    total = 0.0
    for xb, yb in train_dl:
        optimizer.zero_grad()
        pred = net(xb)
        loss = criterion(pred, yb)
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(f"epoch {epoch}: {total / len(train_dl):.3f}")
