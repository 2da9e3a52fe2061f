import torch
from torch import nn
from torchvision import datasets, transforms
from torch.utils.data import DataLoader


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.conv3 = nn.Conv2d(64, 64, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.act = nn.ReLU()
        self.fc = nn.Linear(64 * 7 * 7, 10)

    def forward(self, x):
        x = self.conv1(x)
        x = self.conv2(x)
        x = self.pool(self.act(x))
        x = self.pool(self.act(self.conv3(x)))
        return self.fc(x.flatten(1))


def fit(epochs=2):
    tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
    dl = DataLoader(datasets.MNIST(".", True, tf, download=True), batch_size=64, shuffle=True)
    net = Digits()
    opt = torch.optim.Adam(net.parameters())
    for epoch in range(epochs):
        for xb, yb in dl:
            loss = nn.functional.cross_entropy(net(xb), yb)
            opt.zero_grad(set_to_none=True)
            loss.backward()
            opt.step()
    return net


net = fit()
