import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms


class LayerNorm2d(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Block(nn.Module):
    def __init__(self, dim, drop_path=0.0, init=1e-6):
        super().__init__()
        self.dwconv = nn.Conv2d(dim, dim, 7, padding=3, groups=dim)
        self.norm = nn.LayerNorm(dim)
        self.pw1 = nn.Linear(dim, 4 * dim)
        self.pw2 = nn.Linear(4 * dim, dim)
        self.gamma = nn.Parameter(init * torch.ones(dim))
        self.drop_path = drop_path

    def forward(self, x):
        if self.training and self.drop_path > 0 and torch.rand(()) < self.drop_path:
            return x
        y = self.dwconv(x).permute(0, 2, 3, 1)
        y = self.pw2(F.gelu(self.pw1(self.norm(y)))) * self.gamma
        return x + y.permute(0, 3, 1, 2)


class ConvNeXtPico(nn.Module):
    def __init__(self, depths=(1, 2, 1), dims=(32, 64, 128), n=10, drop=0.1):
        super().__init__()
        rates = torch.linspace(0, drop, sum(depths)).tolist()
        parts, c, i = [nn.Conv2d(3, dims[0], 2, 2), LayerNorm2d(dims[0])], dims[0], 0
        for depth, dim in zip(depths, dims):
            if dim != c:
                parts += [LayerNorm2d(c), nn.Conv2d(c, dim, 2, 2)]
            for _ in range(depth):
                parts.append(Block(dim, rates[i]))
                i += 1
            c = dim
        self.body = nn.Sequential(*parts)
        self.norm, self.head = nn.LayerNorm(c), nn.Linear(c, n)

    def forward(self, x):
        return self.head(self.norm(self.body(x).mean([-2, -1])))


tf = transforms.Compose([transforms.RandAugment(), transforms.ToTensor(), transforms.Normalize((.5,) * 3, (.25,) * 3)])
dl = torch.utils.data.DataLoader(datasets.CIFAR10('.', transform=tf, download=True), 128, shuffle=True)
net = ConvNeXtPico()
opt = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=0.05)
for epoch in range(2):
    net.train()
    for x, y in dl:
        opt.zero_grad()
        F.cross_entropy(net(x), y, label_smoothing=0.1).backward()
        opt.step()
