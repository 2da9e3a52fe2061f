import torch
from torch import nn
from torchvision import datasets, models

weights = models.ResNet18_Weights.DEFAULT
model = models.resnet18(weights=weights)
model.fc = nn.Linear(model.fc.in_features, 10)
for name, param in model.named_parameters():
    if not name.startswith('fc'):
        param.requires_grad = False
loader = torch.utils.data.DataLoader(datasets.CIFAR10("d", transform=weights.transforms()), batch_size=32, shuffle=True)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for x, y in loader:
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
