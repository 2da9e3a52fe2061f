import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms

EPOCHS = 6
BATCH = 96

class QuickDrawNet(nn.Module):
    def __init__(self, k=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 24, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(24)
        self.conv2 = nn.Conv2d(24, 48, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(48)
        self.conv3 = nn.Conv2d(48, 96, 3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(96)
        self.fc = nn.Linear(96 * 3 * 3, k)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.max_pool2d(F.relu(self.bn3(self.conv3(x))), 2)
        return self.fc(x.flatten(1))

loader = torch.utils.data.DataLoader(
    datasets.KMNIST('kmnist', train=True, download=True, transform=transforms.ToTensor()), batch_size=BATCH, shuffle=True)
model = QuickDrawNet()
optim = torch.optim.AdamW(model.parameters(), lr=2e-3)
for epoch in range(EPOCHS):
    for sketch, label in loader:
        optim.zero_grad()
        F.cross_entropy(model(sketch), label).backward()
        optim.step()
    print('epoch', epoch, 'done')
