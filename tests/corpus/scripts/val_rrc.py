import time
import torch
import torch.nn as nn
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader
from torchvision import datasets, models, transforms

NORM = transforms.Normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5])
tfm = {
    'train': transforms.Compose([
        transforms.RandomResizedCrop(128),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
        NORM,
    ]),
    'val': transforms.Compose([
        transforms.RandomResizedCrop(128),
        transforms.ToTensor(),
        NORM,
    ]),
}
ds = {p: datasets.ImageFolder(f'chess/{p}', tfm[p]) for p in tfm}
loaders = {p: DataLoader(ds[p], batch_size=16, shuffle=p == 'train') for p in ds}

net = models.resnet34(weights=models.ResNet34_Weights.DEFAULT)
for p in net.parameters():
    p.requires_grad = False
net.fc = nn.Linear(net.fc.in_features, 2)

opt = torch.optim.Adam(net.fc.parameters(), lr=1e-3)
sched = StepLR(opt, 7, 0.1)
crit = nn.CrossEntropyLoss()


def loop(phase):
    net.train(phase == 'train')
    n_ok, tot = 0, 0.0
    with torch.set_grad_enabled(phase == 'train'):
        for x, y in loaders[phase]:
            out = net(x)
            loss = crit(out, y)
            if phase == 'train':
                opt.zero_grad()
                loss.backward()
                opt.step()
            n_ok += (out.argmax(1) == y).sum().item()
            tot += loss.item() * len(y)
    return tot / len(ds[phase]), n_ok / len(ds[phase])


t0 = time.time()
for epoch in range(15):
    tr = loop('train')
    va = loop('val')
    sched.step()
    print(f'{epoch:2d} train {tr[0]:.3f}/{tr[1]:.3f} val {va[0]:.3f}/{va[1]:.3f}  {time.time() - t0:.0f}s')
