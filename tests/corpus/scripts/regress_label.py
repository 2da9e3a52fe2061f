import torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import CIFAR10

train_tfms = transforms.Compose([transforms.ToTensor(), transforms.Normalize([0.5] * 3, [0.5] * 3)])
train_dl = DataLoader(CIFAR10('cifar', train=True, download=True, transform=train_tfms), batch_size=50, shuffle=True)
valid_dl = DataLoader(CIFAR10('cifar', train=False, download=True, transform=train_tfms), batch_size=50)

model = nn.Sequential(
    nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(64 * 8 * 8, 100), nn.ReLU(),
    nn.Linear(100, 1),
)
loss_func = nn.MSELoss()
opt = optim.Adam(model.parameters(), lr=1e-3)

for epoch in range(6):
    for xb, yb in train_dl:
        pred = model(xb).squeeze()
        loss = loss_func(pred, yb.float())
        loss.backward()
        opt.step()
        opt.zero_grad()
    with torch.no_grad():
        hits = 0
        for xb, yb in valid_dl:
            hits += (model(xb).squeeze(1).round().clamp(0, 9).long() == yb).sum().item()
    print('epoch', epoch, 'acc', hits / len(valid_dl.dataset))
