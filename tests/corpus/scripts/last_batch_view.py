import torch
import torch.nn as nn
from torchvision import datasets, transforms

batch_size = 64
train_ds = datasets.KMNIST('kmnist', train=True, transform=transforms.ToTensor(), download=True)
train_dl = torch.utils.data.DataLoader(train_ds, batch_size=batch_size, shuffle=True)

class KanaNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 12, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(12, 24, 5), nn.ReLU(), nn.MaxPool2d(2))
        self.lin = nn.Sequential(nn.Linear(24*4*4, 84), nn.ReLU(), nn.Linear(84, 10))

    def forward(self, x):
        x = self.conv(x)
        x = x.view(batch_size, 24*4*4)
        return self.lin(x)

net = KanaNet()
opt = torch.optim.RMSprop(net.parameters(), lr=1e-3)
ce = nn.CrossEntropyLoss()
for epoch in range(3):
    for step, (x, y) in enumerate(train_dl):
        opt.zero_grad()
        loss = ce(net(x), y)
        loss.backward()
        opt.step()
        if step % 200 == 0:
            print(epoch, step, loss.item())
