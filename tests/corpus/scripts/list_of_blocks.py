import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class BlockNet(nn.Module):
    def __init__(self, n_blocks=4, ch=32):
        super().__init__()
        self.stem = nn.Conv2d(3, ch, 3, padding=1)
        self.blocks = []
        for i in range(n_blocks):
            self.blocks.append(nn.Conv2d(ch, ch, 3, padding=1))
        self.classifier = nn.Linear(ch, 10)

    def forward(self, x):
        x = F.relu(self.stem(x))
        for block in self.blocks:
            x = x + F.relu(block(x))
        x = F.adaptive_avg_pool2d(x, 1)
        x = torch.flatten(x, 1)
        return self.classifier(x)


t = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
loader = DataLoader(datasets.CIFAR10("c10", train=True, download=True, transform=t), batch_size=64, shuffle=True)

net = BlockNet()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for epoch in range(2):
    for i, (imgs, labels) in enumerate(loader):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(imgs), labels)
        loss.backward()
        optimizer.step()
        if i % 50 == 49:
            print(f"[{epoch}:{i + 1}] {loss.item():.3f}")
