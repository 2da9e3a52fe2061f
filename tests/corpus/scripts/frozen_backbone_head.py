import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.models import DenseNet121_Weights, densenet121

weights = DenseNet121_Weights.IMAGENET1K_V1
net = densenet121(weights=weights)
net.requires_grad_(False)
net.classifier = nn.Linear(net.classifier.in_features, 3)
print([n for n, p in net.named_parameters() if p.requires_grad])

shoes = ImageFolder("shoes", transform=weights.transforms())
loader = DataLoader(shoes, batch_size=16, shuffle=True)
optimizer = torch.optim.Adam(net.classifier.parameters(), lr=1e-3)
loss_fn = nn.CrossEntropyLoss()

net.eval()                 # keep the batch norm statistics of ImageNet
for epoch in range(2):
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(net(x), y)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
