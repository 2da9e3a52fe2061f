import torch
import torch.nn as nn
from torchvision import datasets, transforms

Z = 64
G = nn.Sequential(
    nn.ConvTranspose2d(Z, 128, 4, 1, 0, bias=False), nn.BatchNorm2d(128), nn.ReLU(True),
    nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(True),
    nn.ConvTranspose2d(64, 32, 4, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(True),
    nn.ConvTranspose2d(32, 3, 4, 2, 1), nn.Tanh())
D = nn.Sequential(
    nn.Conv2d(3, 32, 4, 2, 1), nn.LeakyReLU(0.2, True),
    nn.Conv2d(32, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.LeakyReLU(0.2, True),
    nn.Conv2d(64, 128, 4, 2, 1, bias=False), nn.BatchNorm2d(128), nn.LeakyReLU(0.2, True),
    nn.Conv2d(128, 1, 4, 1, 0), nn.Sigmoid())

tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,) * 3, (0.5,) * 3)])
loader = torch.utils.data.DataLoader(datasets.CIFAR10("d", train=True, transform=tf, download=True), 64, shuffle=True)
criterion = nn.BCELoss()
opt_d = torch.optim.Adam(D.parameters(), lr=2e-4, betas=(0.5, 0.999))
opt_g = torch.optim.Adam(G.parameters(), lr=2e-4, betas=(0.5, 0.999))
for epoch in range(2):
    for real, _ in loader:
        b = real.size(0)
        fake = G(torch.randn(b, Z, 1, 1))
        opt_d.zero_grad()
        loss_real = criterion(D(real).view(-1), torch.ones(b))
        loss_fake = criterion(D(fake.detach()).view(-1), torch.zeros(b))
        (loss_real + loss_fake).backward()
        opt_d.step()
        opt_g.zero_grad()
        loss_g = criterion(D(fake).view(-1), torch.ones(b))
        loss_g.backward()
        opt_g.step()
