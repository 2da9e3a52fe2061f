from types import SimpleNamespace

import torch
from torch import nn
from torchvision import datasets, transforms

cfg = SimpleNamespace(size=96, base=16, stages=4, classes=10)


class Net(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        c = 3
        for i in range(cfg.stages):
            w = cfg.base * 2 ** i
            self.add_module(f"stage{i}", nn.Sequential(
                nn.Conv2d(c, w, 3, padding=1), nn.BatchNorm2d(w), nn.ReLU(), nn.MaxPool2d(2)))
            c = w
        side = cfg.size // 2 ** cfg.stages
        self.squash = nn.Conv2d(c, 64, kernel_size=side)
        self.fc = nn.Linear(64, cfg.classes)
        self.cfg = cfg

    def forward(self, x):
        for i in range(self.cfg.stages):
            x = getattr(self, f"stage{i}")(x)
        x = torch.relu(self.squash(x))
        x = x.view(x.size(0), 64)
        return self.fc(x)


tf = transforms.Compose([transforms.Resize(cfg.size), transforms.ToTensor(),
                         transforms.Normalize([0.447, 0.44, 0.407], [0.26, 0.257, 0.271])])
loader = torch.utils.data.DataLoader(datasets.STL10("d", split="train", transform=tf, download=True), 32, shuffle=True)
model = Net(cfg)
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
for epoch in range(2):
    model.train()
    for x, y in loader:
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
