import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

from mymodels import build_backbone


class Classifier(nn.Module):
    def __init__(self, backbone_name: str, n_classes: int):
        super().__init__()
        self.backbone = build_backbone(backbone_name)
        self.fc = nn.Linear(self.backbone.out_features, n_classes)

    def forward(self, x):
        return self.fc(self.backbone(x))


ds = datasets.STL10("stl", split="train", transform=transforms.ToTensor(), download=True)
dl = DataLoader(ds, batch_size=32, shuffle=True)
model = Classifier("tinyres", n_classes=len(ds.classes))
optim = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
criterion = nn.CrossEntropyLoss()
for epoch in range(3):
    for x, y in dl:
        optim.zero_grad()
        criterion(model(x), y).backward()
        optim.step()
