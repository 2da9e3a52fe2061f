import torch
from torch import nn
import torch.nn.functional as F
from torchvision import datasets, transforms

class Tower(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, bias=True)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc = nn.Linear(64 * 5 * 5, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.max_pool2d(F.relu(self.bn2(self.conv2(x))), 2)
        return self.fc(x.flatten(1))

tower = Tower()
ds = datasets.FashionMNIST("fm", train=True, download=True, transform=transforms.ToTensor())
dl = torch.utils.data.DataLoader(ds, batch_size=200, shuffle=True)
opt = torch.optim.NAdam(tower.parameters(), lr=2e-3)
for epoch in range(4):
    for x, y in dl:
        opt.zero_grad()
        F.cross_entropy(tower(x), y).backward()
        opt.step()
torch.save(tower.state_dict(), "tower.pt")
