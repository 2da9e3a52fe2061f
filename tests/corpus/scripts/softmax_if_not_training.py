import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms


class CNN(nn.Module):
    def __init__(self, in_channels=3, n=43):
        super(CNN, self).__init__()
        self.conv1 = nn.Conv2d(in_channels, 32, 5)
        self.conv2 = nn.Conv2d(32, 64, 5)
        self.fc1 = nn.Linear(64 * 9 * 9, 200)
        self.fc2 = nn.Linear(200, n)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.view(x.size(0), -1)
        x = F.relu(self.fc1(x))
        x = F.dropout(x, 0.5, self.training)
        x = self.fc2(x)
        if not self.training:
            x = F.softmax(x, dim=1)
        return x


tf = transforms.Compose([transforms.Resize((48, 48)), transforms.ToTensor()])
signs = torch.utils.data.DataLoader(datasets.GTSRB('.', 'train', transform=tf, download=True), 64, shuffle=True)
signs_test = torch.utils.data.DataLoader(datasets.GTSRB('.', 'test', transform=tf, download=True), 64)
net = CNN()
opt = torch.optim.Adam(net.parameters(), 5e-4)
for epoch in range(5):
    net.train()
    for x, y in signs:
        opt.zero_grad()
        F.cross_entropy(net(x), y).backward()
        opt.step()

net.eval()
sure = total = 0
with torch.no_grad():
    for x, y in signs_test:
        p, guess = net(x).max(1)
        sure += (p > 0.9).sum().item()
        total += len(y)
print(f'{sure / total:.1%} of the test signs recognised with more than 90 %')
