import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, models
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional as TF

norm = [v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize([0.5071, 0.4867, 0.4408], [0.2675, 0.2565, 0.2761])]
train = DataLoader(datasets.CIFAR100("c", True, v2.Compose([v2.RandomHorizontalFlip(), v2.RandomCrop(32, 4), *norm]), download=True), 256, shuffle=True)
test = DataLoader(datasets.CIFAR100("c", False, v2.Compose(norm), download=True), 500)

net = models.resnet18(num_classes=100)
net.conv1 = nn.Conv2d(3, 64, 3, padding=1, bias=False)
net.maxpool = nn.Identity()
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
for epoch in range(2):
    net.train()
    for x, y in train:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()


@torch.no_grad()
def tta(x):
    views = [x, TF.horizontal_flip(x)]
    for dx, dy in ((2, 0), (-2, 0), (0, 2), (0, -2)):
        views.append(torch.roll(x, (dy, dx), dims=(2, 3)))
    return torch.stack([net(v).softmax(1) for v in views]).mean(0)


net.eval()
print(sum((tta(x).argmax(1) == y).sum().item() for x, y in test) / 10000)
