import torch
from torch import nn
from torch.optim.swa_utils import SWALR, AveragedModel, update_bn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

stats = ((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))
tr = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor(), transforms.Normalize(*stats)])
te = transforms.Compose([transforms.ToTensor(), transforms.Normalize(*stats)])
train_dl = DataLoader(datasets.CIFAR10("c", True, tr, download=True), 128, shuffle=True)
test_dl = DataLoader(datasets.CIFAR10("c", False, te, download=True), 512)


def vgg_block(a, b):
    return [nn.Conv2d(a, b, 3, padding=1, bias=False), nn.BatchNorm2d(b), nn.ReLU(True),
            nn.Conv2d(b, b, 3, padding=1, bias=False), nn.BatchNorm2d(b), nn.ReLU(True), nn.MaxPool2d(2)]


model = nn.Sequential(*vgg_block(3, 32), *vgg_block(32, 64), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
swa_model = AveragedModel(model)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=75)
swa_start, swa_sched = 1, SWALR(optimizer, swa_lr=0.02)

for epoch in range(100):
    model.train()
    for x, y in train_dl:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    if epoch >= swa_start:
        swa_model.update_parameters(model)
        swa_sched.step()
    else:
        scheduler.step()

update_bn(train_dl, swa_model)
swa_model.eval()
with torch.no_grad():
    print(sum((swa_model(x).argmax(1) == y).sum().item() for x, y in test_dl) / len(test_dl.dataset))
