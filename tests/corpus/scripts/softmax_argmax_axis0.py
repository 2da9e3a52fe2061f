import torch
import torch.nn as nn
from torchvision import datasets
from torchvision import transforms as T


class Net(nn.Module):
    def __init__(self, k):
        super().__init__()
        self.c1 = nn.Conv2d(3, 32, 3, padding=1)
        self.c2 = nn.Conv2d(32, 64, 3, padding=1)
        self.fc = nn.Linear(64 * 4 * 4, k)
        self.act = nn.Hardswish()

    def forward(self, x):
        x = nn.functional.max_pool2d(self.act(self.c1(x)), 2)
        x = nn.functional.adaptive_max_pool2d(self.act(self.c2(x)), 4)
        return self.fc(x.flatten(1))


def predict(model, x):
    """Class probabilities, shape (batch, classes)."""
    model.eval()
    with torch.no_grad():
        return model(x).softmax(dim=0)


def guess_of(probs):
    return probs.argmax(axis=0)


def accuracy(probs, y):
    g = guess_of(probs)
    n = min(len(g), len(y))
    return (g[:n] == y[:n]).float().mean().item()


net = Net(10)
tf = T.ToTensor()
train = torch.utils.data.DataLoader(datasets.CIFAR10("c", True, tf, download=True), 128, shuffle=True)
test = torch.utils.data.DataLoader(datasets.CIFAR10("c", False, tf, download=True), 500)
opt = torch.optim.Adam(net.parameters(), 3e-4)
for epoch in range(5):
    net.train()
    for x, y in train:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    scores = [accuracy(predict(net, x), y) for x, y in test]
    print(epoch, sum(scores) / len(scores))
