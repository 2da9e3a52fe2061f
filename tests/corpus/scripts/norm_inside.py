import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, models, transforms


class Normalised(nn.Module):
    def __init__(self, net, mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225)):
        super().__init__()
        self.net = net
        self.register_buffer("mean", torch.tensor(mean).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(std).view(1, 3, 1, 1))

    def forward(self, x):
        return self.net((x - self.mean) / self.std)


backbone = models.resnet18(weights=models.ResNet18_Weights.DEFAULT)
backbone.fc = nn.Linear(backbone.fc.in_features, 37)
net = Normalised(backbone)

train_tf = transforms.Compose([transforms.RandomResizedCrop(160), transforms.RandomHorizontalFlip(), transforms.ToTensor()])
test_tf = transforms.Compose([transforms.Resize(184), transforms.CenterCrop(160), transforms.ToTensor()])
train_dl = DataLoader(datasets.OxfordIIITPet("pets", "trainval", transform=train_tf, download=True), 32, shuffle=True)
test_dl = DataLoader(datasets.OxfordIIITPet("pets", "test", transform=test_tf, download=True), 64)

opt = torch.optim.AdamW(net.parameters(), lr=1e-4)
for epoch in range(4):
    net.train()
    for x, y in train_dl:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    net.eval()
    with torch.inference_mode():
        print(epoch, sum((net(x).argmax(1) == y).sum().item() for x, y in test_dl) / len(test_dl.dataset))
