import numpy as np, torch
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms
full = datasets.ImageFolder('seeds', transforms.Compose([transforms.Resize((96, 96)), transforms.ToTensor()]))
idx = np.random.RandomState(0).permutation(len(full))
cut = int(0.8 * len(full))
train_set = Subset(full, idx[:cut])
val_set = Subset(full, idx)
train_loader = DataLoader(train_set, 32, shuffle=True)
val_loader = DataLoader(val_set, 32)
net = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3, 2), torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(8, len(full.classes)))
opt = torch.optim.Adam(net.parameters())
for e in range(3):
    for x, y in train_loader:
        opt.zero_grad(); torch.nn.functional.cross_entropy(net(x), y).backward(); opt.step()
    with torch.no_grad():
        print(np.mean([(net(x).argmax(1) == y).float().mean() for x, y in val_loader]))
