import torch
from torch import nn
from torch.utils.data import DataLoader, random_split
from torchvision.datasets import EuroSAT
from torchvision.transforms import v2

tf = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])
full = EuroSAT('data', transform=tf, download=True)
tr, va = random_split(full, [0.8, 0.2])
model = nn.Sequential(
    nn.Conv2d(3, 32, 5, stride=2), nn.ReLU(),
    nn.Conv2d(32, 64, 5, stride=2), nn.ReLU(),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
ce = nn.CrossEntropyLoss()
opt = torch.optim.Adam(model.parameters())
for xb, yb in DataLoader(tr, 64, shuffle=True):
    logits = model(xb)
    loss = ce(yb, logits)
    loss.backward()
    opt.step()
    opt.zero_grad()
