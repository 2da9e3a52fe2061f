import torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms
from tqdm import tqdm


class AlexLike(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(3, 32, 5, padding=2), nn.ReLU(True), nn.MaxPool2d(3, 2),
            nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(True), nn.MaxPool2d(3, 2),
            nn.Conv2d(64, 96, 3, padding=1), nn.ReLU(True), nn.MaxPool2d(3, 2),
            nn.Flatten(), nn.Dropout(0.5), nn.Linear(96 * 11 * 11, 200), nn.ReLU(True), nn.Linear(200, n))

    def forward(self, x):
        return self.net(x)


class Experiment:
    def __init__(self, epochs=10, lr=0.01):
        stats = (0.4467, 0.4398, 0.4066), (0.2242, 0.2215, 0.2239)
        self.tr = DataLoader(datasets.STL10('stl10', split='train', download=True, transform=transforms.Compose(
            [transforms.RandomHorizontalFlip(), transforms.ToTensor(), transforms.Normalize(*stats)])), 64, shuffle=True)
        self.te = DataLoader(datasets.STL10('stl10', split='test', download=True, transform=transforms.Compose(
            [transforms.ToTensor(), transforms.Normalize(*stats)])), 64)
        self.model = AlexLike(10)
        self.opt = optim.SGD(self.model.parameters(), lr=lr, momentum=0.9)
        self.loss = nn.CrossEntropyLoss()
        self.epochs = epochs

    def train(self):
        for epoch in range(self.epochs):
            bar = tqdm(self.tr, desc=f'epoch {epoch}')
            for x, y in bar:
                self.opt.zero_grad()
                l = self.loss(self.model(x), y)
                l.backward()
                self.opt.step()
                bar.set_postfix(loss=l.item())
            print('accuracy', self.evaluate())

    def evaluate(self):
        hits = 0
        for x, y in self.te:
            hits += (self.model(x).argmax(dim=1) == y).sum().item()
        return hits / len(self.te.dataset)


Experiment().train()
