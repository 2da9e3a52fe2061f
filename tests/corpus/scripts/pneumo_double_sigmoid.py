import torch
from torch import nn
from torch.optim import AdamW
from torch.utils.data import DataLoader
from torchvision import models, transforms
from torchvision.datasets import ImageFolder

dev = 'cuda' if torch.cuda.is_available() else 'cpu'

weights = models.ResNet18_Weights.DEFAULT
net = models.resnet18(weights=weights)
net.fc = nn.Sequential(nn.Linear(512, 1), nn.Sigmoid())
net.to(dev)

tf = weights.transforms()
train_dl = DataLoader(ImageFolder('xray/train', tf), batch_size=32, shuffle=True, num_workers=2)
test_dl = DataLoader(ImageFolder('xray/test', tf), batch_size=32, num_workers=2)

criterion = nn.BCEWithLogitsLoss()
opt = AdamW(net.parameters(), lr=1e-4)


def fit(n):
    for epoch in range(n):
        net.train()
        for x, y in train_dl:
            x, y = x.to(dev), y.to(dev).float()
            opt.zero_grad()
            p = net(x).squeeze(1)
            loss = criterion(p, y)
            loss.backward()
            opt.step()


def report():
    tp = fp = fn = 0
    with torch.no_grad():
        for x, y in test_dl:
            flag = (net(x.to(dev)).squeeze(1) > 0.5).cpu()
            tp += (flag & (y == 1)).sum().item()
            fp += (flag & (y == 0)).sum().item()
            fn += (~flag & (y == 1)).sum().item()
    print('precision', tp / max(1, tp + fp), 'recall', tp / max(1, tp + fn))


fit(3)
report()
