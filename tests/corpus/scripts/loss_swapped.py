import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Flower(nn.Module):
    def __init__(self, out=102):
        super().__init__()
        self.f = nn.Sequential(
            nn.Conv2d(3, 24, 7, stride=4, padding=3), nn.BatchNorm2d(24), nn.ReLU(),
            nn.Conv2d(24, 48, 3, stride=2, padding=1), nn.BatchNorm2d(48), nn.ReLU(),
            nn.AdaptiveMaxPool2d(2), nn.Flatten())
        self.g = nn.Linear(48 * 4, out)

    def forward(self, x):
        return self.g(self.f(x))


tf = transforms.Compose([transforms.RandomResizedCrop(96), transforms.ToTensor()])
ds = datasets.Flowers102("data", split="train", transform=tf, download=True)
net, crit = Flower(), nn.CrossEntropyLoss()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)


def train_one_epoch():
    for batch in DataLoader(ds, batch_size=16, shuffle=True):
        pixels, labels = batch
        logits = net(pixels)
        loss = crit(labels, logits)
        opt.zero_grad()
        loss.backward()
        opt.step()


train_one_epoch()
