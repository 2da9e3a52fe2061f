import torch
from torch import nn
from torchvision import datasets, transforms

enc = nn.Sequential(nn.Conv2d(1, 16, 3, 2, 1), nn.ReLU(), nn.Conv2d(16, 8, 3, 2, 1))
dec = nn.Sequential(nn.ConvTranspose2d(8, 16, 2, 2), nn.ReLU(), nn.ConvTranspose2d(16, 1, 2, 2), nn.Sigmoid())
dl = torch.utils.data.DataLoader(
    datasets.FashionMNIST("d", train=True, download=True, transform=transforms.ToTensor()), 64, shuffle=True)
ae = nn.Sequential(enc, dec)
opt = torch.optim.Adam(ae.parameters(), lr=1e-3)
for epoch in range(2):
    for x, _ in dl:
        noisy = (x + 0.2 * torch.randn_like(x)).clamp(0, 1)
        loss = nn.functional.mse_loss(ae(noisy), x)
        opt.zero_grad()
        loss.backward()
        opt.step()

enc.requires_grad_(False)
probe = nn.Linear(8 * 7 * 7, 10)
popt = torch.optim.Adam(probe.parameters(), lr=1e-3)
for epoch in range(2):
    for x, y in dl:
        with torch.no_grad():
            code = enc(x).flatten(1)
        loss = nn.functional.cross_entropy(probe(code), y)
        popt.zero_grad()
        loss.backward()
        popt.step()
