import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

torch.manual_seed(1)
norm = transforms.Normalize((0.4914, 0.4822, 0.4465), (0.247, 0.243, 0.261))
train_tf = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor(), norm])
test_tf = transforms.Compose([transforms.ToTensor(), norm])
train_dl = DataLoader(datasets.CIFAR10("d", train=True, transform=train_tf, download=True), 64, shuffle=True)
test_dl = DataLoader(datasets.CIFAR10("d", train=False, transform=test_tf, download=True), 256)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Sequential(nn.Conv2d(3, 32, 3, 1, 1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(4))
        self.b = nn.Sequential(nn.Flatten(), nn.Dropout(0.4), nn.Linear(32 * 64, 10))

    def forward(self, x):
        return self.b(self.a(x))


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.05)
ce = nn.CrossEntropyLoss()
net.train()
for epoch in range(20):

    for x, y in train_dl:
        opt.zero_grad()
        out = net(x)
        ce(out, y).backward()
        opt.step()

    net.eval()
    with torch.no_grad():
        good = sum((net(x).argmax(1) == y).sum().item() for x, y in test_dl)
    print(epoch, good / len(test_dl.dataset))
