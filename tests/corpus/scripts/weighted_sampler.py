from collections import Counter
import torch
from torch import nn
from torch.utils.data import DataLoader, WeightedRandomSampler
from torchvision import datasets, transforms

tf = transforms.Compose([transforms.Resize((64, 64)), transforms.Grayscale(), transforms.ToTensor()])
train_set = datasets.ImageFolder("wafers/train", tf)
val_set = datasets.ImageFolder("wafers/val", tf)

counts = Counter(train_set.targets)
print("pictures per class:", {train_set.classes[k]: v for k, v in counts.items()})
weights = [1.0 / counts[t] for t in train_set.targets]
sampler = WeightedRandomSampler(weights, num_samples=len(weights), replacement=True)

# shuffle must stay off next to a sampler
train_loader = DataLoader(train_set, batch_size=32, sampler=sampler, num_workers=2)
val_loader = DataLoader(val_set, batch_size=32, num_workers=2)

net = nn.Sequential(
    nn.Conv2d(1, 16, 3, 2, 1), nn.BatchNorm2d(16), nn.ReLU(),
    nn.Conv2d(16, 32, 3, 2, 1), nn.BatchNorm2d(32), nn.ReLU(),
    nn.Conv2d(32, 64, 3, 2, 1), nn.BatchNorm2d(64), nn.ReLU(),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 2))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)

for epoch in range(10):
    net.train()
    for x, y in train_loader:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    net.eval()
    tp = fn = 0
    with torch.no_grad():
        for x, y in val_loader:
            guess = net(x).argmax(1)
            tp += ((guess == 0) & (y == 0)).sum().item()
            fn += ((guess == 1) & (y == 0)).sum().item()
    print(f"epoch {epoch}: recall of bad wafers {tp / max(1, tp + fn):.2f}")
