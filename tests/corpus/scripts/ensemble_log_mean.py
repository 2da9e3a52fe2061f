import torch
import torch.nn.functional as F
from torch import nn
from torchvision import datasets, transforms


class Member(nn.Module):
    def __init__(self, k):
        super().__init__()
        self.conv = nn.Conv2d(1, 8 * k, 5, stride=2)
        self.fc = nn.Linear(8 * k * 144, 10)

    def forward(self, x):
        return self.fc(F.relu(self.conv(x)).flatten(1))


class Committee(nn.Module):
    """Returns the logarithm of the members' mean probability, shape (N, 10)."""

    def __init__(self, sizes=(1, 2, 3)):
        super().__init__()
        self.members = nn.ModuleList(Member(k) for k in sizes)

    def forward(self, x):
        probs = torch.stack([F.softmax(m(x), dim=1) for m in self.members]).mean(dim=0)
        return probs.clamp_min(1e-8).log()


net = Committee()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(2):
    for x, y in torch.utils.data.DataLoader(datasets.MNIST(".", download=True, transform=transforms.ToTensor()), 64, shuffle=True):
        opt.zero_grad()
        F.nll_loss(net(x), y).backward()
        opt.step()
