import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms
from torch.utils.data import DataLoader


class SignNet(nn.Module):
    def __init__(self, n=43):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 5)
        self.conv2 = nn.Conv2d(32, 64, 5)
        self.conv3 = nn.Conv2d(64, 128, 3)
        self.fc1 = nn.Linear(128 * 3 * 3, 256)
        self.fc2 = nn.Linear(256, n)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.dropout2d(x, 0.2)
        x = F.max_pool2d(F.relu(self.conv3(x)), 2)
        x = F.relu(self.fc1(torch.flatten(x, 1)))
        x = F.dropout(x, p=0.5, training=self.training)
        return self.fc2(x)


tf = transforms.Compose([transforms.Resize((48, 48)), transforms.ToTensor(), transforms.Normalize((0.34, 0.31, 0.32), (0.27, 0.26, 0.27))])
train_dl = DataLoader(datasets.GTSRB("gtsrb", split="train", transform=tf, download=True), batch_size=64, shuffle=True)
test_dl = DataLoader(datasets.GTSRB("gtsrb", split="test", transform=tf, download=True), batch_size=256)

net = SignNet()
opt = torch.optim.Adam(net.parameters(), lr=5e-4)
for epoch in range(4):
    net.train()
    for x, y in train_dl:
        opt.zero_grad()
        F.cross_entropy(net(x), y).backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        ok = sum((net(x).argmax(1) == y).sum().item() for x, y in test_dl)
    print(f"{epoch}: {100 * ok / len(test_dl.dataset):.2f} %")
