import torch
import torch.nn as nn
from torchvision import datasets, models, transforms

tf = transforms.Compose([transforms.Resize((224, 224)), transforms.ToTensor()])
loader = torch.utils.data.DataLoader(datasets.CIFAR10("d", transform=tf), batch_size=64, shuffle=True)
net = models.mobilenet_v2(weights=None)
crit = nn.CrossEntropyLoss()

opt = torch.optim.SGD(net.parameters(), lr=0.01)
for epoch in range(3):
    for x, y in loader:
        opt.zero_grad()
        loss = crit(net(x), y)
        loss.backward()
        opt.step()
