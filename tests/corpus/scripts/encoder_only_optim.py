import torch
import torch.nn as nn
from torchvision import datasets, transforms

class Encoder(nn.Module):
    def __init__(self, dim=64):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 16, 4, 2, 1), nn.ReLU(),
            nn.Conv2d(16, 32, 4, 2, 1), nn.ReLU(),
        )
        self.fc = nn.Linear(32 * 7 * 7, dim)

    def forward(self, x):
        return torch.relu(self.fc(self.conv(x).flatten(1)))

enc = Encoder()
clf = nn.Linear(64, 10)

opt = torch.optim.Adam(enc.parameters(), lr=1e-3)
ce = nn.CrossEntropyLoss()
train_dl = torch.utils.data.DataLoader(
    datasets.FashionMNIST('fm', train=True, download=True, transform=transforms.ToTensor()), 128, shuffle=True)

for epoch in range(10):
    for img, lab in train_dl:
        z = enc(img)
        loss = ce(clf(z), lab)
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(f'{epoch:2d}: {loss.item():.3f}')
