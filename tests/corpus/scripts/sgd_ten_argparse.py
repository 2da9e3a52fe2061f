import argparse
import torch
import torch.nn.functional as F
from torch import nn
from torchvision import datasets, transforms

parser = argparse.ArgumentParser()
parser.add_argument('-b', '--batch-size', default=64, type=int)
parser.add_argument('-e', '--epochs', default=5, type=int)
parser.add_argument('--lr', '--learning-rate', default=10., type=float)
parser.add_argument('--drop', default=0.5, type=float)
opt = parser.parse_args()

tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
train = torch.utils.data.DataLoader(datasets.MNIST('mnist', train=True, download=True, transform=tf), opt.batch_size, shuffle=True)
test = torch.utils.data.DataLoader(datasets.MNIST('mnist', train=False, download=True, transform=tf), 1000)

net = nn.Sequential(
    nn.Conv2d(1, 10, 5), nn.MaxPool2d(2), nn.ReLU(),
    nn.Conv2d(10, 20, 5), nn.Dropout2d(opt.drop), nn.MaxPool2d(2), nn.ReLU(),
    nn.Flatten(), nn.Linear(320, 50), nn.ReLU(), nn.Dropout(opt.drop), nn.Linear(50, 10))
sgd = torch.optim.SGD(net.parameters(), lr=opt.lr)

worst = 0.
for epoch in range(opt.epochs):
    for x, y in train:
        sgd.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        sgd.step()
        worst = max(worst, loss.item())
    hits = 0
    with torch.no_grad():
        for x, y in test:
            hits += net(x).argmax(1).eq(y).sum().item()
    print(f'epoch {epoch}: accuracy {hits / len(test.dataset):.3f}')
