import numpy as np
import torch
import torch.nn as nn
import torchvision
from torchvision import transforms


def mixup_data(x, y, alpha=0.2):
    lam = float(np.random.beta(alpha, alpha)) if alpha > 0 else 1.0
    index = torch.randperm(x.size(0), device=x.device)
    return lam * x + (1 - lam) * x[index], y, y[index], lam


def mixup_criterion(criterion, pred, y_a, y_b, lam):
    return lam * criterion(pred, y_a) + (1 - lam) * criterion(pred, y_b)


class Net(nn.Module):
    def __init__(self, num_classes=100):
        super().__init__()
        w = 32
        self.trunk = nn.Sequential(
            nn.Conv2d(3, w, 3, padding=1), nn.ReLU(), nn.Conv2d(w, w, 3, stride=2, padding=1), nn.ReLU(),
            nn.Conv2d(w, 2 * w, 3, padding=1), nn.ReLU(), nn.Conv2d(2 * w, 2 * w, 3, stride=2, padding=1), nn.ReLU())
        self.fc = nn.Linear(2 * w, num_classes)

    def forward(self, x):
        return self.fc(self.trunk(x).mean(dim=[2, 3]))


tf = transforms.Compose([transforms.RandomCrop(32, padding=4), transforms.RandomHorizontalFlip(), transforms.ToTensor()])
ds = torchvision.datasets.CIFAR100("data", train=True, download=True, transform=tf)
loader = torch.utils.data.DataLoader(ds, batch_size=128, shuffle=True)
net, criterion = Net(), nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
for epoch in range(5):
    net.train()
    total, correct = 0, 0.0
    for x, y in loader:
        x, a, b, lam = mixup_data(x, y)
        out = net(x)
        loss = mixup_criterion(criterion, out, a, b, lam)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        pred = out.argmax(1)
        total += y.size(0)
        correct += lam * pred.eq(a).sum().item() + (1 - lam) * pred.eq(b).sum().item()
    print(epoch, correct / total)
