import torch
from torch import nn
from torchvision import datasets, models

weights = models.ResNet18_Weights.DEFAULT
model = models.resnet18(weights=weights)
for p in model.parameters():
    p.requires_grad = False
model.fc = nn.Linear(512, 10)
optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.01, momentum=0.9)
loader = torch.utils.data.DataLoader(datasets.CIFAR10("d", transform=weights.transforms()), batch_size=32, shuffle=True)
for x, y in loader:
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
