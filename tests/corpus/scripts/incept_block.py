import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms


class InceptionA(nn.Module):
    def __init__(self, in_channels):
        super(InceptionA, self).__init__()
        self.branch1x1 = nn.Conv2d(in_channels, 16, kernel_size=1)
        self.branch5x5_1 = nn.Conv2d(in_channels, 16, kernel_size=1)
        self.branch5x5_2 = nn.Conv2d(16, 32, kernel_size=5, padding=2)
        self.branch3x3_1 = nn.Conv2d(in_channels, 16, kernel_size=1)
        self.branch3x3_2 = nn.Conv2d(16, 24, kernel_size=3, padding=1)
        self.branch_pool = nn.Conv2d(in_channels, 24, kernel_size=1)

    def forward(self, x):
        b1 = F.relu(self.branch1x1(x))
        b5 = F.relu(self.branch5x5_2(F.relu(self.branch5x5_1(x))))
        b3 = F.relu(self.branch3x3_2(F.relu(self.branch3x3_1(x))))
        bp = F.avg_pool2d(x, kernel_size=3, stride=1, padding=1)
        bp = F.relu(self.branch_pool(bp))
        return torch.cat([b1, b5, b3, bp], dim=1)


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(88, 20, kernel_size=5)
        self.incep1 = InceptionA(in_channels=10)
        self.incep2 = InceptionA(in_channels=20)
        self.mp = nn.MaxPool2d(2)
        self.fc = nn.Linear(96 * 4 * 4, 10)

    def forward(self, x):
        in_size = x.size(0)
        x = self.mp(F.relu(self.conv1(x)))
        x = self.incep1(x)
        x = self.mp(F.relu(self.conv2(x)))
        x = self.incep2(x)
        x = x.view(in_size, -1)
        return self.fc(x)


tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
train_loader = torch.utils.data.DataLoader(
    datasets.MNIST('../mnist', train=True, download=True, transform=tf), batch_size=64, shuffle=True)
test_loader = torch.utils.data.DataLoader(
    datasets.MNIST('../mnist', train=False, transform=tf), batch_size=1000)

net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.5)


def train(epoch):
    net.train()
    for batch_idx, (data, target) in enumerate(train_loader):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(data), target)
        loss.backward()
        optimizer.step()
        if batch_idx % 100 == 0:
            print(f'epoch {epoch} [{batch_idx * len(data)}/{len(train_loader.dataset)}] {loss.item():.4f}')


def test():
    net.eval()
    test_loss, correct = 0, 0
    with torch.no_grad():
        for data, target in test_loader:
            output = net(data)
            test_loss += F.cross_entropy(output, target, reduction='sum').item()
            correct += output.argmax(1).eq(target).sum().item()
    n = len(test_loader.dataset)
    print(f'test: loss {test_loss / n:.4f}, accuracy {correct}/{n}')


for epoch in range(1, 4):
    train(epoch)
    test()
