import torch
from torch import nn
import torch.nn.functional as F
from torchvision import datasets, transforms


class PreAct(nn.Module):
    def __init__(self, cin, cout, stride, drop=0.0):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(cin), nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.bn2, self.conv2 = nn.BatchNorm2d(cout), nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.short = None if stride == 1 and cin == cout else nn.Conv2d(cin, cout, 1, stride, bias=False)
        self.drop = drop

    def forward(self, x):
        h = F.relu(self.bn1(x))
        skip = x if self.short is None else self.short(h)
        h = self.conv2(F.relu(self.bn2(self.conv1(h))))
        if self.training and self.drop:
            h = h * (torch.rand(h.shape[0], 1, 1, 1, device=h.device) > self.drop)
        return h + skip


class WideNet(nn.Module):
    def __init__(self, depth=10, k=2, classes=100):
        super().__init__()
        n = (depth - 4) // 6
        self.inp = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        c, groups = 16, []
        for g, w in enumerate((16 * k, 32 * k, 64 * k)):
            for i in range(n):
                groups.append(PreAct(c, w, 2 if g and not i else 1, drop=0.1 * g))
                c = w
        self.groups = nn.Sequential(*groups)
        self.bn = nn.BatchNorm2d(c)
        self.fc = nn.Linear(c, classes)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out")

    def forward(self, x):
        x = F.relu(self.bn(self.groups(self.inp(x))))
        x = F.avg_pool2d(x, 8)
        return self.fc(x.view(-1, self.fc.in_features))


ds = datasets.CIFAR100("d", train=True, download=True, transform=transforms.Compose([
    transforms.RandomCrop(32, padding=4), transforms.RandomHorizontalFlip(), transforms.ToTensor(),
    transforms.Normalize((0.5071, 0.4865, 0.4409), (0.2673, 0.2564, 0.2762))]))
net = WideNet()
opt = torch.optim.SGD(net.parameters(), 0.1, 0.9, weight_decay=5e-4, nesterov=True)
sched = torch.optim.lr_scheduler.MultiStepLR(opt, [60, 120, 160], 0.2)
for epoch in range(200):
    net.train()
    for x, y in torch.utils.data.DataLoader(ds, 128, shuffle=True):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()
