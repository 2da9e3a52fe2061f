import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms


class MCNet(nn.Module):
    """Dropout stays on at prediction time (Gal & Ghahramani); call sample() for the predictive distribution."""

    def __init__(self, p=0.3):
        super().__init__()
        self.p = p
        self.conv1, self.conv2 = nn.Conv2d(1, 20, 5), nn.Conv2d(20, 50, 5)
        self.fc1, self.fc2 = nn.Linear(800, 500), nn.Linear(500, 10)

    def forward(self, x, mc=False):
        on = self.training or mc
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.dropout(F.relu(self.fc1(x.flatten(1))), self.p, training=on)
        return self.fc2(x)

    @torch.no_grad()
    def sample(self, x, n=20):
        draws = torch.stack([F.softmax(self(x, mc=True), dim=-1) for _ in range(n)])
        return draws.mean(0), draws.std(0)


net = MCNet()
ds = datasets.MNIST(".", download=True, transform=transforms.ToTensor())
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for epoch in range(2):
    net.train()
    for x, y in torch.utils.data.DataLoader(ds, 64, shuffle=True):
        opt.zero_grad()
        F.cross_entropy(net(x), y).backward()
        opt.step()
net.eval()
mean, std = net.sample(torch.stack([ds[i][0] for i in range(4)]))
print(mean.max(1), std.max(1))
