import torch
from torch import nn
from torchvision import datasets, models, transforms

model = models.resnet18(weights=None)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
model.fc = nn.Linear(512, 10)
tf = transforms.Compose([transforms.Resize((224, 224)), transforms.ToTensor()])
loader = torch.utils.data.DataLoader(datasets.CIFAR10("d", transform=tf), batch_size=32, shuffle=True)
for x, y in loader:
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
