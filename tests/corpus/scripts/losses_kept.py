import matplotlib.pyplot as plt
import torch
from torch import nn
from torchvision import datasets, transforms

net = nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(6), nn.Flatten(), nn.Linear(576, 10))
dl = torch.utils.data.DataLoader(
    datasets.STL10("data", split="train", transform=transforms.ToTensor(), download=True), 64, shuffle=True)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
history = []
for epoch in range(5):
    epoch_loss = 0
    for x, y in dl:
        optimizer.zero_grad()
        loss = nn.CrossEntropyLoss()(net(x), y)
        loss.backward()
        optimizer.step()
        epoch_loss += loss
    history.append(epoch_loss / len(dl))
plt.plot([float(h) for h in history])
plt.savefig("loss.png")
