import torch
from torch import nn
from torch.utils.data import DataLoader, WeightedRandomSampler
from torchvision import datasets, transforms

SIDE = 80
base = [transforms.Resize((SIDE, SIDE)), transforms.ToTensor()]


def statistics(folder):
    ds = datasets.ImageFolder(folder, transforms.Compose(base))
    pixels = torch.stack([ds[i][0] for i in range(len(ds))])
    return pixels.mean(dim=(0, 2, 3)).tolist(), pixels.std(dim=(0, 2, 3)).tolist()


def make_loader(ds, balanced, train):
    sampler = None
    if balanced:
        counts = torch.bincount(torch.tensor(ds.targets)).float()
        sampler = WeightedRandomSampler((1 / counts)[torch.tensor(ds.targets)], len(ds))
    return DataLoader(ds, batch_size=16, sampler=sampler, shuffle=train and sampler is None)


mean, std = statistics("stamps/train")
tf = transforms.Compose(base + [transforms.Normalize(mean, std)])
train_dl = make_loader(datasets.ImageFolder("stamps/train", tf), balanced=True, train=True)
test_dl = make_loader(datasets.ImageFolder("stamps/test", tf), balanced=False, train=False)

net = nn.Sequential(nn.Conv2d(3, 12, 5, 3), nn.ReLU(), nn.Conv2d(12, 24, 5, 3), nn.ReLU(), nn.Flatten(), nn.Linear(24 * 64, 2))
opt = torch.optim.Adam(net.parameters(), 1e-3)
for epoch in range(5):
    for x, y in train_dl:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    with torch.no_grad():
        print(epoch, sum((net(x).argmax(1) == y).sum().item() for x, y in test_dl) / len(test_dl.dataset))
