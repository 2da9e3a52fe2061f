import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import models
from torchvision.datasets import Flowers102
from torchvision.transforms import v2


class BCNN(nn.Module):
    def __init__(self, n_classes=102, reduce_to=32):
        super().__init__()
        trunk = models.resnet18(weights=models.ResNet18_Weights.DEFAULT)
        self.features = nn.Sequential(*list(trunk.children())[:-2])
        self.reduce = nn.Conv2d(512, reduce_to, 1)
        self.fc = nn.Linear(reduce_to * reduce_to, n_classes)

    def forward(self, x):
        x = F.relu(self.reduce(self.features(x)))
        n, c, h, w = x.shape
        x = x.view(n, c, h * w)
        x = torch.bmm(x, x.transpose(1, 2)) / (h * w)
        x = x.view(n, c * c)
        x = torch.sign(x) * torch.sqrt(x.abs() + 1e-5)
        return self.fc(F.normalize(x))


tf = v2.Compose([
    v2.RandomResizedCrop(128), v2.RandomHorizontalFlip(), v2.ToImage(), v2.ToDtype(torch.float32, scale=True),
    v2.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])])
loader = torch.utils.data.DataLoader(Flowers102("fl", split="train", transform=tf, download=True), 16, shuffle=True)
net = BCNN()
opt = torch.optim.SGD([
    {"params": net.features.parameters(), "lr": 1e-3},
    {"params": [*net.reduce.parameters(), *net.fc.parameters()], "lr": 1e-1}], momentum=0.9, weight_decay=1e-4)
net.train()
for epoch in range(2):
    for x, y in loader:
        opt.zero_grad()
        F.cross_entropy(net(x), y).backward()
        opt.step()
