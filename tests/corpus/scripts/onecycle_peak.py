import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms

EPOCHS, BATCH, PEAK = 24, 512, 0.4
MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2471, 0.2435, 0.2616)

train_tf = transforms.Compose([
    transforms.RandomCrop(32, 4, padding_mode="reflect"), transforms.RandomHorizontalFlip(),
    transforms.ToTensor(), transforms.Normalize(MEAN, STD)])
test_tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize(MEAN, STD)])


def conv(ci, co):
    return nn.Sequential(nn.Conv2d(ci, co, 3, padding=1, bias=False), nn.BatchNorm2d(co), nn.CELU(0.075))


class Res(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.f = nn.Sequential(conv(c, c), conv(c, c))

    def forward(self, x):
        return x + self.f(x)


class Scale(nn.Module):
    def __init__(self, k):
        super().__init__()
        self.k = k

    def forward(self, x):
        return x * self.k


net = nn.Sequential(
    conv(3, 32), conv(32, 64), nn.MaxPool2d(2), Res(64),
    conv(64, 128), nn.MaxPool2d(2),
    conv(128, 128), nn.MaxPool2d(2), Res(128),
    nn.MaxPool2d(4), nn.Flatten(), nn.Linear(128, 10, bias=False), Scale(0.125))

train_dl = torch.utils.data.DataLoader(datasets.CIFAR10("c", True, train_tf, download=True), BATCH, shuffle=True, drop_last=True)
test_dl = torch.utils.data.DataLoader(datasets.CIFAR10("c", False, test_tf), 1000)
opt = torch.optim.SGD(net.parameters(), lr=PEAK / 10, momentum=0.9, weight_decay=5e-4, nesterov=True)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=PEAK, total_steps=EPOCHS * len(train_dl), pct_start=0.2)

for epoch in range(EPOCHS):
    net.train()
    for x, y in train_dl:
        loss = F.cross_entropy(net(x), y, label_smoothing=0.2)
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
    net.eval()
    with torch.inference_mode():
        acc = sum((net(x).argmax(1) == y).float().sum().item() for x, y in test_dl) / 10_000
    print(f"{epoch:2d} {acc:.4f} lr={sched.get_last_lr()[0]:.4f}")
