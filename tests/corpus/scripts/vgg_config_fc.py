from dataclasses import dataclass, field

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


@dataclass
class Config:
    size: int = 64
    widths: list = field(default_factory=lambda: [16, "M", 32, "M", 64, 64, "M"])
    hidden: int = 128
    classes: int = 10
    lr: float = 1e-3


def make_features(widths, channels=3):
    layers = []
    for w in widths:
        if w == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, w, 3, padding=1), nn.ReLU(inplace=True)]
            channels = w
    return nn.Sequential(*layers), channels


class SmallVGG(nn.Module):
    def __init__(self, cfg: Config):
        super().__init__()
        self.features, last = make_features(cfg.widths)
        reduced = cfg.size // 4
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(last * reduced * reduced, cfg.hidden),
            nn.ReLU(),
            nn.Dropout(0.3),
            nn.Linear(cfg.hidden, cfg.classes),
        )

    def forward(self, x):
        return self.classifier(self.features(x))


cfg = Config()
tf = transforms.Compose([transforms.Resize((cfg.size, cfg.size)), transforms.ToTensor()])
train_set = datasets.STL10("data", split="train", transform=tf, download=True)
loader = DataLoader(train_set, batch_size=32, shuffle=True)

model = SmallVGG(cfg)
opt = torch.optim.AdamW(model.parameters(), lr=cfg.lr)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(5):
    model.train()
    for x, y in loader:
        opt.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        opt.step()
