import torch
from torch import nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

ACC = 2
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def mixup(x, y, n, alpha=0.2):
    lam = torch.distributions.Beta(alpha, alpha).sample().item()
    perm = torch.randperm(x.size(0))
    onehot = F.one_hot(y, n).float()
    return lam * x + (1 - lam) * x[perm], lam * onehot + (1 - lam) * onehot[perm]


class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv2d(c, 2 * c, 3, 2, 1) for c in (8, 16, 32)])
        self.norms = nn.ModuleList([nn.GroupNorm(4, 2 * c) for c in (8, 16, 32)])
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.fc = nn.Linear(64, n)

    def forward(self, x):
        x = F.relu(self.stem(x))
        for conv, norm in zip(self.convs, self.norms):
            x = F.relu(norm(conv(x)))
        return self.fc(F.adaptive_avg_pool2d(x, 1)[:, :, 0, 0])


ds = datasets.CIFAR100("d", train=True, download=True, transform=transforms.Compose([
    transforms.RandomHorizontalFlip(), transforms.ToTensor(),
    transforms.Normalize((0.5071, 0.4865, 0.4409), (0.2673, 0.2564, 0.2762))]))
dl = DataLoader(ds, 64, shuffle=True, drop_last=True)
net = Net(100).to(device)
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.05)
scaler = torch.amp.GradScaler(enabled=device.type == "cuda")
opt.zero_grad(set_to_none=True)
for epoch in range(3):
    net.train()
    for i, (x, y) in enumerate(dl):
        x, y = x.to(device), y.to(device)
        x, soft = mixup(x, y, 100)
        with torch.autocast(device.type, enabled=device.type == "cuda"):
            loss = F.cross_entropy(net(x), soft) / ACC
        scaler.scale(loss).backward()
        if (i + 1) % ACC == 0:
            scaler.unscale_(opt)
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            scaler.step(opt)
            scaler.update()
            opt.zero_grad(set_to_none=True)
