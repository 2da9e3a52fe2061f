import torch
import torch.nn as nn
import torchvision
import torchvision.transforms as T


class Basic(nn.Module):
    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)
        self.relu = nn.ReLU(inplace=True)
        self.shortcut = nn.Identity()
        if cin != cout:
            self.shortcut = nn.Sequential(nn.Conv2d(cin, cout, 1, bias=False), nn.BatchNorm2d(cout))

    def forward(self, x):
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out = out + self.shortcut(x)
        return self.relu(out)


class ResNet(nn.Module):
    def __init__(self, layers, classes=10):
        super().__init__()
        self.width = 32
        self.stem = nn.Sequential(nn.Conv2d(3, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU())
        self.layer1 = self._make_layer(32, layers[0], 1)
        self.layer2 = self._make_layer(64, layers[1], 2)
        self.layer3 = self._make_layer(128, layers[2], 2)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(128, classes)

    def _make_layer(self, width, n, stride):
        blocks = []
        for s in [stride] + [1] * (n - 1):
            blocks.append(Basic(self.width, width, s))
            self.width = width
        return nn.Sequential(*blocks)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(self.stem(x))))
        return self.fc(self.pool(x).flatten(1))


tf = T.Compose([T.RandomCrop(32, padding=4), T.RandomHorizontalFlip(), T.ToTensor(),
                T.Normalize((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))])
loader = torch.utils.data.DataLoader(
    torchvision.datasets.CIFAR10("./data", train=True, download=True, transform=tf), 128, shuffle=True)
net = ResNet([2, 2, 2])
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
crit = nn.CrossEntropyLoss()
for epoch in range(30):
    net.train()
    for images, labels in loader:
        opt.zero_grad()
        crit(net(images), labels).backward()
        opt.step()
