import numpy as np
import torch
from sklearn.model_selection import StratifiedKFold
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms

SIZE, FOLDS = 72, 3
aug = transforms.Compose([
    transforms.RandomResizedCrop(SIZE, scale=(0.8, 1)), transforms.RandomVerticalFlip(), transforms.RandomHorizontalFlip(), transforms.ToTensor()])
det = transforms.Compose([transforms.Resize((SIZE, SIZE)), transforms.ToTensor()])
cells_aug = datasets.ImageFolder("cells", aug)
cells_det = datasets.ImageFolder("cells", det)
labels = np.array(cells_aug.targets)


def new_net():
    return nn.Sequential(
        nn.Conv2d(3, 16, 5, 2), nn.ReLU(), nn.BatchNorm2d(16),
        nn.Conv2d(16, 32, 5, 2), nn.ReLU(), nn.BatchNorm2d(32),
        nn.AdaptiveMaxPool2d(2), nn.Flatten(), nn.Dropout(0.1), nn.Linear(128, 3))


results = []
for fold, (tr, va) in enumerate(StratifiedKFold(FOLDS, shuffle=True, random_state=7).split(labels, labels)):
    net = new_net()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    train_dl = DataLoader(Subset(cells_aug, list(tr)), 16, shuffle=True)
    val_dl = DataLoader(Subset(cells_det, list(va)), 16)
    for epoch in range(30):
        net.train()
        for x, y in train_dl:
            opt.zero_grad()
            nn.functional.cross_entropy(net(x), y).backward()
            opt.step()
    net.eval()
    with torch.no_grad():
        hits = np.concatenate([(net(x).argmax(1) == y).numpy() for x, y in val_dl])
    results.append(hits.mean())
print(f"accuracy {np.mean(results):.3f} ± {np.std(results):.3f}")
