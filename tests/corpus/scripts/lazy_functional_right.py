import torch
from torch import nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision.transforms import v2


class LazyNet(nn.Module):
    def __init__(self, widths=(32, 64), classes=43, p=0.3):
        super().__init__()
        self.convs = nn.ModuleList(nn.LazyConv2d(w, 3, padding=1) for w in widths)
        self.bns = nn.ModuleList(nn.LazyBatchNorm2d() for _ in widths)
        self.fc1 = nn.LazyLinear(128)
        self.fc2 = nn.Linear(128, classes)
        self.p = p

    def forward(self, x):
        for conv, bn in zip(self.convs, self.bns):
            x = F.max_pool2d(F.relu(bn(conv(x))), 2)
        x = F.dropout(F.relu(self.fc1(x.flatten(1))), self.p, self.training)
        return self.fc2(x)


def signs(split, tf):
    return datasets.GTSRB("d", split=split, transform=tf, download=True)


base = [v2.ToImage(), v2.Resize((40, 40)), v2.ToDtype(torch.float32, scale=True)]
train_dl = DataLoader(signs("train", v2.Compose([*base, v2.RandomRotation(10)])), 64, shuffle=True)
test_dl = DataLoader(signs("test", v2.Compose(base)), 256)
net = LazyNet()
net(next(iter(train_dl))[0][:2])
opt = torch.optim.NAdam(net.parameters(), lr=1e-3)
for epoch in range(3):
    net.train()
    for x, y in train_dl:
        opt.zero_grad()
        F.cross_entropy(net(x), y).backward()
        opt.step()
    net.eval()
    with torch.inference_mode():
        n = sum(int((net(x).argmax(1) == y).sum()) for x, y in test_dl)
    print(epoch, n / len(test_dl.dataset))
