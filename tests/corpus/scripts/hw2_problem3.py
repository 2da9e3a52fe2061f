"""
CS 4782 - Homework 2, Problem 3
Name: ____________
Train a ConvNet on SVHN. Report the accuracy on the test split.
"""
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms as T

BATCH = 64


class ConvNet(nn.Module):

    def __init__(self, n_out):
        super().__init__()
        # part (a): three conv blocks, each halves the spatial size
        self.features = nn.Sequential(
            nn.Conv2d(3, 16, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, kernel_size=3, padding=1),
            nn.ReLU(),
        )
        # part (b): the classifier
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(64 * 7 * 7, 128),
            nn.ReLU(),
            nn.Dropout(0.3),
            nn.Linear(128, n_out),
        )

    def forward(self, x):
        return self.classifier(self.features(x))


def accuracy(net, loader):
    net.eval()
    right, total = 0, 0
    with torch.no_grad():
        for x, y in loader:
            right += (net(x).argmax(1) == y).sum().item()
            total += len(y)
    return right / total


def main():
    tf = T.Compose([T.ToTensor(), T.Normalize([0.4377, 0.4438, 0.4728], [0.198, 0.201, 0.197])])
    train_dl = DataLoader(datasets.SVHN("svhn", split="train", transform=tf, download=True), BATCH, shuffle=True)
    test_dl = DataLoader(datasets.SVHN("svhn", split="test", transform=tf, download=True), BATCH)

    net = ConvNet(10)
    opt = torch.optim.Adam(net.parameters(), 1e-3)
    lossfn = nn.CrossEntropyLoss()
    for ep in range(3):
        net.train()
        for x, y in train_dl:
            opt.zero_grad()
            lossfn(net(x), y).backward()
            opt.step()
        print(ep, accuracy(net, test_dl))


if __name__ == '__main__':
    main()
