import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms


class LumaNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("luma", torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1))
        self.conv1 = nn.Conv2d(1, 16, 5, padding=2)
        self.conv2 = nn.Conv2d(17, 32, 3, padding=1)
        self.fc = nn.Linear(32 * 8 * 8, 10)

    def forward(self, x):                              # (N, 3, 32, 32)
        g = (x * self.luma).sum(1, keepdim=True)       # (N, 1, 32, 32)
        h = F.max_pool2d(F.relu(self.conv1(g)), 2)     # (N, 16, 16, 16)
        h = torch.cat([h, F.avg_pool2d(g, 2)], 1)      # (N, 17, 16, 16)
        h = F.max_pool2d(F.relu(self.conv2(h)), 2)     # (N, 32, 8, 8)
        return self.fc(h.reshape(-1, 32 * 8 * 8))


net = LumaNet()
svhn = datasets.SVHN(".", "train", transform=transforms.ToTensor(), download=True)
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for epoch in range(2):
    for x, y in torch.utils.data.DataLoader(svhn, 64, shuffle=True):
        opt.zero_grad()
        F.cross_entropy(net(x), y).backward()
        opt.step()
