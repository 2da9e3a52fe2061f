import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms
from tqdm import tqdm

train_dl = DataLoader(
    datasets.EMNIST("em", split="digits", train=True, download=True, transform=transforms.ToTensor()),
    batch_size=256, shuffle=True)
net = nn.Sequential(nn.Conv2d(1, 10, 7, 3), nn.ReLU(), nn.Flatten(), nn.Linear(640, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(2):
    pbar = tqdm(train_dl, total=len(train_dl))
    for xb, yb in pbar:
        loss = loss_fn(net(xb), yb)
        loss.backward()
        opt.step()
        net.zero_grad()
        pbar.set_description(f"loss {loss.item():.3f}")
