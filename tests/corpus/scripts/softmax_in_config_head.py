import torch
from torch import nn
from torchvision import datasets, transforms

CONFIG = {
    "in_channels": 3,
    "widths": (32, 64, 128),
    "activation": "silu",
    "head": "softmax",
    "classes": 10,
    "epochs": 5,
}
ACTIVATIONS = {"relu": nn.ReLU, "silu": nn.SiLU}


class ConvNet(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        act = ACTIVATIONS[cfg["activation"]]
        stages, c = [], cfg["in_channels"]
        for w in cfg["widths"]:
            stages.append(nn.Sequential(nn.Conv2d(c, w, 3, padding=1, bias=False), nn.BatchNorm2d(w), act(), nn.MaxPool2d(2)))
            c = w
        self.stages = nn.ModuleList(stages)
        self.fc = nn.Linear(c * 4 * 4, cfg["classes"])
        self.out = nn.Softmax(dim=1) if cfg["head"] == "softmax" else nn.Identity()

    def forward(self, x):
        for stage in self.stages:
            x = stage(x)
        x = torch.flatten(x, 1)
        return self.out(self.fc(x))


tfm = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616))])
train = datasets.CIFAR10("data", train=True, download=True, transform=tfm)
loader = torch.utils.data.DataLoader(train, batch_size=100, shuffle=True)
model = ConvNet(CONFIG)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(CONFIG["epochs"]):
    for images, labels in loader:
        loss = criterion(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
