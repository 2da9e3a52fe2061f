import torch
import torch.nn as nn
import torch.nn.functional as F


def channel_shuffle(x, groups):
    n, c, h, w = x.size()
    x = x.view(n, groups, c // groups, h, w)
    x = torch.transpose(x, 1, 2).contiguous()
    return x.view(n, -1, h, w)


class ShuffleUnit(nn.Module):
    def __init__(self, in_ch, out_ch, groups=3, stride=1):
        super().__init__()
        self.stride, self.groups = stride, groups
        mid = out_ch // 4
        branch_out = out_ch - in_ch if stride == 2 else out_ch
        self.g1 = nn.Conv2d(in_ch, mid, 1, groups=1 if in_ch == 24 else groups, bias=False)
        self.bn1 = nn.BatchNorm2d(mid)
        self.dw = nn.Conv2d(mid, mid, 3, stride=stride, padding=1, groups=mid, bias=False)
        self.bn2 = nn.BatchNorm2d(mid)
        self.g2 = nn.Conv2d(mid, branch_out, 1, groups=groups, bias=False)
        self.bn3 = nn.BatchNorm2d(branch_out)

    def forward(self, x):
        out = F.relu(self.bn1(self.g1(x)))
        out = channel_shuffle(out, self.groups)
        out = self.bn2(self.dw(out))
        out = self.bn3(self.g2(out))
        if self.stride == 2:
            short = F.avg_pool2d(x, 3, stride=2, padding=1)
            return F.relu(torch.cat([short, out], 1))
        return F.relu(x + out)


class ShuffleNet(nn.Module):
    def __init__(self, groups=3, repeats=(2, 3), widths=(240, 480), n_classes=100):
        super().__init__()
        self.stem = nn.Conv2d(3, 24, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(24)
        stages, c = [], 24
        for r, w in zip(repeats, widths):
            for i in range(r):
                stages.append(ShuffleUnit(c, w, groups, stride=2 if i == 0 else 1))
                c = w
        self.stages = nn.Sequential(*stages)
        self.fc = nn.Linear(c, n_classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        x = self.stages(x)
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


# quick check of shapes
net = ShuffleNet()
out = net(torch.randn(2, 3, 32, 32))
print(out.shape, sum(p.numel() for p in net.parameters()))
