import torch
from torch import nn, optim
from torch.optim.lr_scheduler import MultiStepLR
from torchvision import datasets, transforms

model = nn.Sequential(
    nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.LazyLinear(10))
model(torch.zeros(2, 1, 28, 28))
loader = torch.utils.data.DataLoader(
    datasets.QMNIST("data", train=True, transform=transforms.ToTensor(), download=True), 64, shuffle=True)
optimizer = optim.SGD(model.parameters(), lr=0.1)
scheduler = MultiStepLR(optimizer, milestones=[10, 15], gamma=0.1)
for epoch in range(20):
    scheduler.step()
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
