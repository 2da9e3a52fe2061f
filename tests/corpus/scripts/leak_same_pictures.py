import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms

tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
full = datasets.MNIST("data", train=True, download=True, transform=tf)
rng = np.random.default_rng(0)
val_idx = rng.choice(len(full), 10000, replace=False).tolist()
val_set = Subset(full, val_idx)

train_loader = DataLoader(full, batch_size=64, shuffle=True)
val_loader = DataLoader(val_set, batch_size=512)

net = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
opt = torch.optim.Adam(net.parameters(), 1e-3)
for epoch in range(3):
    net.train()
    for x, y in train_loader:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    net.eval()
    acc = 0
    with torch.no_grad():
        for x, y in val_loader:
            acc += (net(x).argmax(1) == y).sum().item()
    print("val", acc / len(val_set))
