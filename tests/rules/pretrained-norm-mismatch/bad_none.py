import torch
from torch import nn
from torchvision import datasets, models, transforms

tf = transforms.Compose([transforms.Resize((224, 224)), transforms.ToTensor()])
loader = torch.utils.data.DataLoader(datasets.ImageFolder("bees/train", transform=tf), batch_size=16, shuffle=True)
net = models.resnet18(weights=models.ResNet18_Weights.DEFAULT)
net.fc = nn.Linear(net.fc.in_features, 2)
opt = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9)
for x, y in loader:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
