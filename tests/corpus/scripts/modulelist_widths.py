import torch
import torch.nn as nn
import torch.nn.functional as F


class StageNet(nn.Module):
    """A plain stack of stages. widths[i] is the number of maps after stage i."""

    def __init__(self, in_ch=3, widths=(32, 64, 128, 256), num_classes=100):
        super().__init__()
        self.stem = nn.Conv2d(in_ch, widths[0], 3, stride=1, padding=1, bias=False)
        self.stem_bn = nn.BatchNorm2d(widths[0])
        self.stages = nn.ModuleList()
        self.norms = nn.ModuleList()
        for c_in, c_out in zip(widths[1:], widths[1:]):
            self.stages.append(nn.Conv2d(c_in, c_out, 3, stride=2, padding=1, bias=False))
            self.norms.append(nn.BatchNorm2d(c_out))
        self.fc = nn.Linear(widths[-1], num_classes)

    def forward(self, x):
        x = F.relu(self.stem_bn(self.stem(x)))
        for conv, bn in zip(self.stages, self.norms):
            x = F.relu(bn(conv(x)))
        x = F.adaptive_avg_pool2d(x, 1).flatten(1)
        return self.fc(x)


if __name__ == "__main__":
    m = StageNet()
    y = m(torch.zeros(2, 3, 32, 32))
    assert y.shape == (2, 100), y.shape
    n = sum(p.numel() for p in m.parameters())
    print(f"{n / 1e6:.2f} M parameters")
