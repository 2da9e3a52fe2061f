import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder

tfms = transforms.Compose([
    transforms.Resize((64, 64)),
    transforms.ToTensor(),
])
train_ds = ImageFolder("catsdogs/train", tfms)
train_dl = DataLoader(train_ds, batch_size=8, shuffle=True)


class CatDog(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(4),
            nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(4),
        )
        self.fc = nn.Linear(32 * 4 * 4, 1)

    def forward(self, x):
        return self.fc(self.conv(x).flatten(1)).squeeze(1)


model = CatDog()
criterion = nn.BCELoss()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(2):
    for img, label in train_dl:
        opt.zero_grad()
        loss = criterion(model(img), label.float())
        loss.backward()
        opt.step()
