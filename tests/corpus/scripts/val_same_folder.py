from pathlib import Path
import torch
from torch import nn
from torchvision import transforms
from torchvision.datasets import ImageFolder

ROOT = Path("data")
PATHS = {
    "train": ROOT / "train",
    "valid": ROOT / "train",
}
SIZE = 96
tfs = {
    "train": transforms.Compose([
        transforms.Resize((SIZE, SIZE)), transforms.ColorJitter(0.2, 0.2, 0.2), transforms.RandomHorizontalFlip(), transforms.ToTensor()]),
    "valid": transforms.Compose([transforms.Resize((SIZE, SIZE)), transforms.ToTensor()]),
}
sets = {part: ImageFolder(PATHS[part], tfs[part]) for part in PATHS}
loaders = {part: torch.utils.data.DataLoader(sets[part], 16, shuffle=part == "train") for part in sets}


class TumorNet(nn.Module):
    def __init__(self):
        super().__init__()
        chans = [3, 16, 32, 64, 64]
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1, bias=False) for a, b in zip(chans, chans[1:]))
        self.bns = nn.ModuleList(nn.BatchNorm2d(c) for c in chans[1:])
        self.fc = nn.Linear(64 * 6 * 6, 2)

    def forward(self, x):
        for conv, bn in zip(self.convs, self.bns):
            x = nn.functional.max_pool2d(nn.functional.relu(bn(conv(x))), 2)
        return self.fc(x.flatten(1))


net = TumorNet()
opt = torch.optim.Adam(net.parameters(), 1e-3)
crit = nn.CrossEntropyLoss()
for epoch in range(20):
    for part, loader in loaders.items():
        net.train(part == "train")
        hits = n = 0
        for x, y in loader:
            with torch.set_grad_enabled(part == "train"):
                out = net(x)
                loss = crit(out, y)
            if part == "train":
                opt.zero_grad()
                loss.backward()
                opt.step()
            hits += (out.argmax(1) == y).sum().item()
            n += len(y)
        print(epoch, part, round(hits / n, 3))
