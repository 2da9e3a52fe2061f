import warnings
warnings.filterwarnings("ignore")

import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import models, transforms
from torchvision.datasets import Caltech101


class Transfer(nn.Module):
    def __init__(self, n_classes, pretrained=True):
        super().__init__()
        self.base = models.resnet18(pretrained=pretrained)
        self.base.fc = nn.Identity()
        self.head = nn.Linear(512, n_classes)

    def forward(self, x):
        return self.head(self.base(x))


transform = transforms.Compose([
    transforms.Resize((224, 224)),
    transforms.ToTensor(),
])
dataset = Caltech101('caltech', transform=transform, download=True)
dataloader = torch.utils.data.DataLoader(dataset, batch_size=16, shuffle=True)

model = Transfer(101)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)
for epoch in range(2):
    for i, (x, y) in enumerate(dataloader):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        if i % 20 == 0:
            print(epoch, i, loss.item())
