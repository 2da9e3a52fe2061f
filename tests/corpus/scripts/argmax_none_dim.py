import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

torch.manual_seed(3)
tf = transforms.Compose([transforms.Pad(2), transforms.ToTensor()])   # 28 -> 32
loaders = {
    name: DataLoader(datasets.MNIST("mnist", train=(name == "train"), transform=tf, download=True),
                     batch_size=100, shuffle=(name == "train"))
    for name in ("train", "test")
}


def conv(i, o, **kw):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1, **kw), nn.GroupNorm(4, o), nn.SiLU())


net = nn.Sequential(conv(1, 16), conv(16, 32, stride=2), conv(32, 64, stride=2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
opt = torch.optim.Lion(net.parameters(), lr=1e-4) if hasattr(torch.optim, "Lion") else torch.optim.AdamW(net.parameters(), lr=1e-3)

for epoch in range(3):
    for x, y in loaders["train"]:
        opt.zero_grad()
        F.cross_entropy(net(x), y).backward()
        opt.step()

    right = 0
    with torch.no_grad():
        for x, y in loaders["test"]:
            guess = net(x).argmax()
            right += (guess == y).sum().item()
    print(f"epoch {epoch}: {right / len(loaders['test'].dataset):.4f}")
