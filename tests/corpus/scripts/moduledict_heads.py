import torch
from torch import nn
from torchvision import datasets, transforms

TASKS = {"digit": 10, "parity": 2, "large": 2}


class MultiTask(nn.Module):
    def __init__(self, tasks, depth=3, ch=24):
        super().__init__()
        self.depth = depth
        c = 1
        for i in range(depth):
            self.add_module(f"conv{i}", nn.Conv2d(c, ch, 3, padding=1))
            self.add_module(f"norm{i}", nn.BatchNorm2d(ch))
            c = ch
        self.heads = nn.ModuleDict({t: nn.Linear(ch, n) for t, n in tasks.items()})

    def forward(self, x):
        for i in range(self.depth):
            x = getattr(self, f"conv{i}")(x)
            x = torch.relu(getattr(self, f"norm{i}")(x))
            if i < self.depth - 1:
                x = nn.functional.max_pool2d(x, 2)
        x = x.mean((2, 3))
        return {t: head(x) for t, head in self.heads.items()}


def targets(y):
    return {"digit": y, "parity": y % 2, "large": (y > 4).long()}


net = MultiTask(TASKS)
opt = torch.optim.AdamW(net.parameters(), lr=1e-3)
dl = torch.utils.data.DataLoader(datasets.MNIST('.', download=True, transform=transforms.ToTensor()), 64, shuffle=True)
for epoch in range(2):
    for x, y in dl:
        out, tgt = net(x), targets(y)
        loss = torch.stack([nn.functional.cross_entropy(out[t], tgt[t]) for t in TASKS]).sum()
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(epoch, loss.item())
