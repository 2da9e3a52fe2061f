import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms
from torch.utils.data import DataLoader

H, W = 128, 64

tf = transforms.Compose([
    transforms.Resize((H, W)),
    transforms.RandomHorizontalFlip(),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    transforms.RandomErasing(p=0.5),
])


class PersonNet(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.c1 = nn.Conv2d(3, 32, 5, stride=2, padding=2)
        self.c2 = nn.Conv2d(32, 64, 3, stride=2, padding=1)
        self.c3 = nn.Conv2d(64, 96, 3, stride=2, padding=1)
        self.fc = nn.Linear(96 * (H // 16) * (W // 16), n)

    def forward(self, x):
        x = F.relu(self.c1(x))
        x = F.relu(self.c2(x))
        x = F.relu(F.max_pool2d(self.c3(x), 2))
        return self.fc(x.flatten(1))


people = datasets.ImageFolder("market", tf)
net = PersonNet(len(people.classes))
opt = torch.optim.Adam(net.parameters(), lr=3.5e-4, weight_decay=5e-4)
for epoch in range(4):
    for x, y in DataLoader(people, 32, shuffle=True):
        opt.zero_grad()
        F.cross_entropy(net(x), y).backward()
        opt.step()
