import torch
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms

norm = transforms.Normalize((0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616))
aug = transforms.Compose([transforms.RandomCrop(32, 4), transforms.RandomHorizontalFlip(), transforms.ToTensor(), norm])
plain = transforms.Compose([transforms.ToTensor(), norm])
full_aug = datasets.CIFAR10("d", train=True, transform=aug, download=True)
full_plain = datasets.CIFAR10("d", train=True, transform=plain, download=True)
perm = torch.randperm(len(full_aug), generator=torch.Generator().manual_seed(7)).tolist()
cut = int(0.9 * len(perm))
train_dl = DataLoader(Subset(full_aug, perm[:cut]), 128, shuffle=True)
val_dl = DataLoader(Subset(full_plain, perm[cut:]), 256)

net = nn.Sequential(
    nn.Conv2d(3, 32, 3, 1, 1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(32, 64, 3, 1, 1), nn.BatchNorm2d(64), nn.ReLU(), nn.AdaptiveAvgPool2d((2, 2)),
    nn.Flatten(), nn.Linear(256, 10))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, patience=2)
for epoch in range(5):
    net.train()
    for x, y in train_dl:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        opt.step()
    net.eval()
    val_loss = 0.0
    with torch.no_grad():
        for x, y in val_dl:
            val_loss += nn.functional.cross_entropy(net(x), y, reduction="sum").item()
    plateau.step(val_loss / len(val_dl.dataset))
