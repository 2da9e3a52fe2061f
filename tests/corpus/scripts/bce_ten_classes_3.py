import torch
from torch import nn
from torchvision.datasets import CIFAR10
from torchvision import transforms

device = "cuda" if torch.cuda.is_available() else "cpu"
loader = torch.utils.data.DataLoader(
    CIFAR10("data", train=True, transform=transforms.ToTensor(), download=True), batch_size=64, shuffle=True)

model = nn.Sequential(
    nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(64 * 8 * 8, 10),
).to(device)
loss_function = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters())

for epoch in range(3):
    for x, y in loader:
        x, y = x.to(device), y.to(device).float()
        scores = model(x)
        loss = loss_function(scores, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
